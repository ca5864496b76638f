using System.Buffers.Binary;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>IPTC-IIM 4.2: notice, by-line and credit of the application record.</summary>
internal static class IptcStatements
{
    private const ushort IptcResource = 0x0404;
    private const byte ApplicationRecord = 2;
    private const byte Tag = 0x1C;

    /// <summary>Photoshop's resources: <c>8BIM</c>, id, name, length and data, each at an even place.</summary>
    public static void ReadResources(ReadOnlySpan<byte> resources, StatementList found)
    {
        const string cut = "Its Photoshop resources are damaged, and IPTC in them was not read.";
        while (resources.Length >= 12 && resources.StartsWith("8BIM"u8))
        {
            var id = BinaryPrimitives.ReadUInt16BigEndian(resources[4..]);
            // The name has its length first; together they are even.
            var nameLength = (resources[6] + 2) & ~1;
            if (resources.Length < 6 + nameLength + 4)
            {
                found.AddProblem(cut);
                return;
            }

            resources = resources[(6 + nameLength)..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(resources);
            if (length > resources.Length - 4)
            {
                found.AddProblem(cut);
                return;
            }

            if (id == IptcResource)
                Read(resources.Slice(4, (int)length), found);
            resources = resources[Math.Min(4 + (int)length + ((int)length & 1), resources.Length)..];
        }
    }

    /// <summary>Records: a mark, record, dataset, length, data.</summary>
    public static void Read(ReadOnlySpan<byte> records, StatementList found)
    {
        while (records.Length >= 5 && records[0] == Tag)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(records[3..]);
            // The highest bit marks a length of lengths, which no text of ours has.
            if (length > records.Length - 5)
            {
                found.AddProblem("Its IPTC is cut short.");
                return;
            }

            if (records[1] == ApplicationRecord)
                Add(records[2], records.Slice(5, length), found);
            records = records[(5 + length)..];
        }
    }

    private static void Add(byte dataset, ReadOnlySpan<byte> text, StatementList found)
    {
        if (dataset == 116)
            found.Add(RightsTextKind.Notice, "IPTC CopyrightNotice", StatementReader.Decode(text));
        else if (dataset == 80)
            found.Add(RightsTextKind.Author, "IPTC By-line", StatementReader.Decode(text));
    }
}
