using System.Buffers.Binary;
using System.Text;

namespace DasAudit.Core.Pictures.Statements;

/// <summary>A box of JUMBF (ISO/IEC 19566-5).</summary>
/// <param name="Type">Four letters, such as <c>jumb</c> or <c>cbor</c>.</param>
/// <param name="Content">What follows its head.</param>
internal readonly record struct JumbfBox(string Type, ReadOnlyMemory<byte> Content)
{
    private const int DescriptionHead = 17;

    /// <summary>The boxes that bytes hold, one after the other.</summary>
    /// <exception cref="InvalidDataException">A box is cut short, or shorter than its head.</exception>
    public static IEnumerable<JumbfBox> Read(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            ulong length = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span);
            var type = Encoding.Latin1.GetString(bytes.Span.Slice(4, 4));
            var head = 8;
            // 0 stands for all that follows, 1 for a length of 64 bits behind the type.
            if (length == 0)
                length = (ulong)bytes.Length;
            else if (length == 1)
            {
                head = 16;
                if (bytes.Length < head)
                    throw new InvalidDataException("a box is cut short");
                length = BinaryPrimitives.ReadUInt64BigEndian(bytes.Span[8..]);
            }

            if (length < (ulong)head || length > (ulong)bytes.Length)
                throw new InvalidDataException("a box is cut short, or states a wrong length");
            yield return new(type, bytes[head..(int)length]);
            bytes = bytes[(int)length..];
        }
    }

    /// <summary>The label of a superbox, by which others name it; null for a box without one.</summary>
    public string? Label
    {
        get
        {
            if (Type != "jumb" || Read(Content).FirstOrDefault() is not { Type: "jumd" } description)
                return null;
            // The kind (16 bytes), then what follows: 1 where others may name it, 2 where it has a label.
            var bytes = description.Content.Span;
            if (bytes.Length <= DescriptionHead || (bytes[DescriptionHead - 1] & 2) == 0)
                return null;
            var label = bytes[DescriptionHead..];
            var end = label.IndexOf((byte)0);
            return end < 0 ? null : Encoding.UTF8.GetString(label[..end]);
        }
    }

    /// <summary>The boxes in a superbox behind its description; none in another box.</summary>
    public IEnumerable<JumbfBox> Inner => Type == "jumb" ? Read(Content).Skip(1) : [];
}
