using System.Formats.Cbor;
using System.Text;

namespace DasAudit.Testing;

/// <summary>C2PA manifest stores (JUMBF, ISO/IEC 19566-5) with an assertion on training and mining.</summary>
internal static class ManifestStores
{
    public static byte[] Box(string type, params byte[][] contents)
    {
        byte[] content = [.. contents.SelectMany(part => part)];
        return [.. MarkedPictures.Big32(8 + content.Length), .. Encoding.Latin1.GetBytes(type), .. content];
    }

    /// <summary>A superbox whose label others may name.</summary>
    /// <param name="kind">The first four letters of its UUID.</param>
    public static byte[] Superbox(string kind, string label, params byte[][] contents)
    {
        byte[] uuid = [.. Encoding.Latin1.GetBytes(kind), 0, 0x11, 0, 0x10, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        return Box("jumb", [Box("jumd", uuid, [3], Encoding.UTF8.GetBytes(label), [0]), .. contents]);
    }

    /// <summary>A store of manifests, each of which holds the assertions given for it.</summary>
    public static byte[] Store(params byte[][][] assertions) =>
        Superbox(
            "c2pa",
            "c2pa",
            [
                .. assertions.Select(
                    (boxes, i) => Superbox("c2ma", $"urn:c2pa:{i}", Superbox("c2as", "c2pa.assertions", boxes))
                ),
            ]
        );

    /// <summary>A store of one manifest with one assertion of uses: name, value, conditions.</summary>
    public static byte[] Store(string label, params (string Name, string Use, string? Constraint)[] uses) =>
        Store([Assertion(label, Uses(uses))]);

    public static byte[] Assertion(string label, byte[] cbor) => Superbox("cbor", label, Box("cbor", cbor));

    public static byte[] Uses(params (string Name, string Use, string? Constraint)[] uses)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(2);
        writer.WriteTextString("metadata");
        writer.WriteStartArray(1);
        writer.WriteTag(CborTag.DateTimeString);
        writer.WriteTextString("2026-01-01T00:00:00Z");
        writer.WriteEndArray();
        writer.WriteTextString("entries");
        writer.WriteStartMap(uses.Length);
        foreach (var (name, use, constraint) in uses)
        {
            writer.WriteTextString(name);
            writer.WriteStartMap(constraint is null ? 1 : 2);
            writer.WriteTextString("use");
            writer.WriteTextString(use);
            if (constraint is not null)
            {
                writer.WriteTextString("constraint_info");
                writer.WriteTextString(constraint);
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
        writer.WriteEndMap();
        return writer.Encode();
    }

    /// <summary>JPEG segments APP11 that hold a store in pieces (ISO/IEC 18477-3).</summary>
    /// <param name="size">Bytes of the box in each piece.</param>
    public static byte[][] Segments(byte[] store, int size = 60_000)
    {
        var head = store[..8];
        var rest = store[8..];
        return
        [
            .. rest.Chunk(size)
                .Select(
                    (piece, i) =>
                        MarkedPictures.Segment(
                            0xEB,
                            [.. "JP"u8, 0, 1, .. MarkedPictures.Big32(i + 1), .. head, .. piece]
                        )
                ),
        ];
    }
}
