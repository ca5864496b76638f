using System.Text;
using DasAudit.Core.Pictures.Blocks;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Tests.Pictures.Statements;

public static class StatementReaderTests
{
    private const string Mining =
        "<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING</plus:DataMining>";

    private static readonly byte[] Store = ManifestStores.Store(
        "cawg.training-mining",
        ("cawg.ai_inference", "allowed", null),
        ("cawg.ai_generative_training", "notAllowed", null),
        ("cawg.data_mining", "constrained", "ask Ann")
    );

    public static TheoryData<string, byte[]> WithMining =>
        new()
        {
            { "JPEG", MarkedPictures.Jpeg(1, MarkedPictures.XmpSegment(Mining)) },
            { "PNG", MarkedPictures.Png(1, MarkedPictures.XmpChunk(Mining)) },
            {
                "WebP",
                MarkedPictures.WebP(
                    1,
                    MarkedPictures.RiffChunk("XMP ", Encoding.UTF8.GetBytes(MarkedPictures.Xmp(Mining)))
                )
            },
            { "TIFF", Tiff(700, Encoding.UTF8.GetBytes(MarkedPictures.Xmp(Mining))) },
        };

    public static TheoryData<string, byte[]> WithStore =>
        new()
        {
            { "JPEG", MarkedPictures.Jpeg(1, ManifestStores.Segments(Store)) },
            { "JPEG in pieces", MarkedPictures.Jpeg(1, ManifestStores.Segments(Store, 50)) },
            {
                "JPEG in pieces out of order",
                MarkedPictures.Jpeg(1, [.. ManifestStores.Segments(Store, 50).Reverse()])
            },
            { "PNG", MarkedPictures.Png(1, MarkedPictures.Chunk("caBX", Store)) },
            { "WebP", MarkedPictures.WebP(1, MarkedPictures.RiffChunk("C2PA", Store)) },
        };

    [Theory]
    [MemberData(nameof(WithMining))]
    public static void Data_mining_by_PLUS_is_read(string format, byte[] file)
    {
        Assert.NotEmpty(format);
        var signal = Assert.Single(Read(file).Signals);
        Assert.Equal(
            new UseSignal
            {
                Kind = "plus:DataMining",
                Stance = SignalStance.OptOut,
                Value = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING",
                Says = "training AI and machine learning is prohibited",
                Place = "XMP plus:DataMining",
            },
            signal
        );
    }

    [Theory]
    [InlineData("DMI-UNSPECIFIED", SignalStance.Silent)]
    [InlineData("DMI-ALLOWED", SignalStance.Allowed)]
    [InlineData("DMI-PROHIBITED", SignalStance.OptOut)]
    [InlineData("DMI-PROHIBITED-GENAIMLTRAINING", SignalStance.OptOut)]
    [InlineData("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", SignalStance.OptOut)]
    [InlineData("DMI-PROHIBITED-SEECONSTRAINT", SignalStance.OptOut)]
    [InlineData("DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR", SignalStance.OptOut)]
    [InlineData("DMI-PROHIBITED-SEELINKEDRIGHTSEXPR", SignalStance.OptOut)]
    [InlineData("anything else", SignalStance.Silent)]
    public static void Each_value_of_PLUS_comes_to_a_stance(string value, SignalStance stance)
    {
        var resource = $"""<plus:DataMining rdf:resource="http://ns.useplus.org/ldf/vocab/{value}"/>""";
        foreach (var property in (string[])[resource, $"<plus:DataMining>{value}</plus:DataMining>"])
            Assert.Equal(stance, Assert.Single(Read(Png(property)).Signals).Stance);
    }

    [Fact]
    public static void Other_constraints_are_kept_as_they_are()
    {
        var signal = Assert.Single(
            Read(Png(MarkedPictures.Localized("plus:OtherConstraints", "Only for &lt;b&gt; zoos;\nask."))).Signals
        );
        Assert.Equal((SignalStance.Conditions, "Only for <b> zoos;\nask."), (signal.Stance, signal.Value));
    }

    [Theory]
    [MemberData(nameof(WithStore))]
    public static void Assertions_of_C2PA_are_read_and_said_not_to_be_checked(string format, byte[] file)
    {
        Assert.NotEmpty(format);
        var read = Read(file);
        Assert.Empty(read.Problems);
        var signal = Assert.Single(read.Signals);
        Assert.Equal(("cawg.training-mining", SignalStance.OptOut), (signal.Kind, signal.Stance));
        Assert.Equal("C2PA manifest, assertion cawg.training-mining", signal.Place);
        Assert.Equal(
            "cawg.ai_inference=allowed, cawg.ai_generative_training=notAllowed, cawg.data_mining=constrained (ask Ann)",
            signal.Value
        );
        Assert.Equal(
            "use as input of AI is allowed; training generative AI is not allowed; data mining is allowed under "
                + "conditions, which a person must read",
            signal.Says
        );
        Assert.Contains("were not checked", signal.Checked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c2pa.ai_training", "notAllowed", SignalStance.OptOut)]
    [InlineData("c2pa.data_mining", "notAllowed", SignalStance.OptOut)]
    [InlineData("c2pa.data_mining", "constrained", SignalStance.Conditions)]
    [InlineData("c2pa.ai_generative_training", "allowed", SignalStance.Allowed)]
    [InlineData("c2pa.ai_inference", "notAllowed", SignalStance.Silent)]
    [InlineData("c2pa.ai_training", "perhaps", SignalStance.Silent)]
    public static void Uses_of_the_older_label_come_to_a_stance(string name, string use, SignalStance stance)
    {
        var store = ManifestStores.Store("c2pa.training-mining", (name, use, null));
        Assert.Equal(stance, Assert.Single(Read(Chunk(store)).Signals).Stance);
    }

    [Fact]
    public static void The_last_manifest_is_the_picture_s_and_all_are_read()
    {
        byte[] Refusal(string label) =>
            ManifestStores.Assertion(label, ManifestStores.Uses(("c2pa.ai_training", "notAllowed", null)));
        var store = ManifestStores.Store(
            [Refusal("c2pa.training-mining")],
            [Refusal("c2pa.actions"), Refusal("c2pa.training-mining__2")]
        );
        Assert.Equal(
            ["earlier C2PA manifest, assertion c2pa.training-mining", "C2PA manifest, assertion c2pa.training-mining"],
            Read(Chunk(store)).Signals.Select(signal => signal.Place)
        );
    }

    [Fact]
    public static void Assertions_in_JSON_are_read_too()
    {
        var json = """{"entries": {"c2pa.ai_training": {"use": "notAllowed"}}}"""u8.ToArray();
        var store = ManifestStores.Store([
            ManifestStores.Superbox("json", "c2pa.training-mining", ManifestStores.Box("json", json)),
        ]);
        Assert.Equal(SignalStance.OptOut, Assert.Single(Read(Chunk(store)).Signals).Stance);
    }

    [Fact]
    public static void Texts_on_rights_are_read_with_their_fields()
    {
        var properties =
            MarkedPictures.Localized("dc:rights", "© Ann")
            + MarkedPictures.Localized("xmpRights:UsageTerms", "CC BY 4.0")
            + "<xmpRights:WebStatement>https://x.example</xmpRights:WebStatement>"
            + "<cc:license rdf:resource='https://creativecommons.org/licenses/by/4.0/'/>"
            + "<dc:creator><rdf:Seq><rdf:li>Bob</rdf:li><rdf:li>Cy</rdf:li></rdf:Seq></dc:creator>"
            + "<xmpRights:Owner><rdf:Bag><rdf:li>Ann Ltd</rdf:li></rdf:Bag></xmpRights:Owner>"
            + "<plus:CopyrightOwner><rdf:Seq><rdf:li rdf:parseType='Resource'><plus:CopyrightOwnerName>Dot"
            + "</plus:CopyrightOwnerName></rdf:li></rdf:Seq></plus:CopyrightOwner>";
        var file = MarkedPictures.Jpeg(
            1,
            MarkedPictures.ExifSegment("© Änn"),
            MarkedPictures.IptcSegment(116, "(c) Ann"),
            MarkedPictures.IptcSegment(80, "Bob"),
            MarkedPictures.XmpSegment(properties)
        );
        var read = Read(file);
        Assert.Empty(read.Problems);
        Assert.Equal(
            [
                new(RightsTextKind.Notice, "EXIF Copyright", "© Änn"),
                new(RightsTextKind.Notice, "XMP dc:rights", "© Ann"),
                new(RightsTextKind.License, "XMP xmpRights:UsageTerms", "CC BY 4.0"),
                new(RightsTextKind.License, "XMP xmpRights:WebStatement", "https://x.example"),
                new(RightsTextKind.License, "XMP cc:license", "https://creativecommons.org/licenses/by/4.0/"),
                new(RightsTextKind.Author, "XMP dc:creator", "Bob"),
                new(RightsTextKind.Author, "XMP dc:creator", "Cy"),
                new(RightsTextKind.Holder, "XMP xmpRights:Owner", "Ann Ltd"),
                new(RightsTextKind.Holder, "XMP plus:CopyrightOwner", "Dot"),
                new(RightsTextKind.Notice, "IPTC CopyrightNotice", "(c) Ann"),
                new(RightsTextKind.Author, "IPTC By-line", "Bob"),
            ],
            read.Texts
        );
    }

    [Fact]
    public static void Texts_of_PNG_WebP_and_TIFF_are_read()
    {
        var png = MarkedPictures.Png(
            1,
            MarkedPictures.Chunk("eXIf", MarkedPictures.Exif("© Ann")),
            MarkedPictures.Chunk("tEXt", "Copyright\0Bob"u8),
            MarkedPictures.Chunk("tEXt", "Comment\0Cy"u8),
            MarkedPictures.Chunk("zTXt", [.. "Author\0\0"u8, .. Packed("Dot"u8)])
        );
        Assert.Equal(["EXIF Copyright: © Ann", "PNG text Copyright: Bob", "PNG text Author: Dot"], Texts(png));
        Assert.Equal(
            ["EXIF Copyright: © Ann"],
            Texts(MarkedPictures.WebP(1, MarkedPictures.RiffChunk("EXIF", MarkedPictures.Exif("© Ann"))))
        );
        Assert.Equal(["EXIF Copyright: Eve"], Texts(Tiff(33432, "Eve\0"u8.ToArray())));

        static IEnumerable<string> Texts(byte[] file) => Read(file).Texts.Select(text => $"{text.Place}: {text.Text}");
    }

    [Fact]
    public static void Files_without_such_blocks_may_state_nothing()
    {
        byte[][] files =
        [
            MarkedPictures.Jpeg(1),
            MarkedPictures.Png(1),
            MarkedPictures.WebP(1),
            TestPictures.Png(),
            "GIF89a"u8.ToArray(),
            [],
            [0xFF, 0xD8, 0xFF],
        ];
        Assert.All(files, file => Assert.False(FileBlocks.Read(new MemoryStream(file)).MayState));
    }

    private static FileStatements Read(byte[] file) => StatementReader.Read(new MemoryStream(file));

    private static byte[] Png(string properties) => MarkedPictures.Png(1, MarkedPictures.XmpChunk(properties));

    private static byte[] Chunk(byte[] store) => MarkedPictures.Png(1, MarkedPictures.Chunk("caBX", store));

    private static byte[] Packed(ReadOnlySpan<byte> text)
    {
        using var packed = new MemoryStream();
        using (
            var stream = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionMode.Compress)
        )
            stream.Write(text);
        return packed.ToArray();
    }

    private static byte[] Tiff(ushort tag, byte[] data) =>
        [
            .. "MM\0*"u8,
            .. MarkedPictures.Big32(8),
            0,
            1,
            (byte)(tag >> 8),
            (byte)tag,
            0,
            1,
            .. MarkedPictures.Big32(data.Length),
            .. data.Length > 4 ? MarkedPictures.Big32(8 + 2 + 12 + 4) : data,
            .. MarkedPictures.Big32(0),
            .. data,
        ];
}
