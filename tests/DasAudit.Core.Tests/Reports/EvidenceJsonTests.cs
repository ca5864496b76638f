using System.Text.Json;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Reports;

public class EvidenceJsonTests
{
    private static readonly JsonSerializerOptions CompactOptions = new(JsonDocuments.Options) { WriteIndented = false };

    private static readonly EvidenceInfo Info = new()
    {
        NullPool = new(NullPoolKind.MatchedDecoys, 200, 0.04),
        QValues = "benjamini-hochberg",
        Top = 20,
        Icc = 0.8125,
        RankStability = new(0.75, 0.5, 20),
        GroupDraws = 10_000,
        Definition = ["a", "b"],
        Meaning = ["c"],
    };

    [Fact]
    public void Evidence_has_the_names_that_scripts_rely_on()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(Info, JsonDocuments.Options));
        Assert.Equal(
            ["nullPool", "qValues", "top", "icc", "rankStability", "groupDraws", "definition", "meaning"],
            json.RootElement.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal(
            """{"kind":"matched-decoys","size":200,"minimumPValue":0.04}""",
            Compact(json.RootElement.GetProperty("nullPool"))
        );
        Assert.Equal(
            """{"spearman":0.75,"jaccard":0.5,"top":20}""",
            Compact(json.RootElement.GetProperty("rankStability"))
        );
    }

    [Fact]
    public void Evidence_reads_back_as_it_was()
    {
        var read = JsonSerializer.Deserialize<EvidenceInfo>(
            JsonSerializer.Serialize(Info, JsonDocuments.Options),
            JsonDocuments.Options
        )!;
        Assert.Equal(Info with { Definition = read.Definition, Meaning = read.Meaning }, read);
        Assert.Equal(["a", "b"], read.Definition);

        var attribution = new AttributedPicture
        {
            Rank = 1,
            Item = "i",
            Sha256 = "s",
            Score = 1,
            Direction = 1,
            PValue = 0.1 + 0.2,
            QValue = 0.5,
            TopProbability = 0.9,
            Strength = EvidenceStrength.NotEstablished,
        };
        var text = JsonSerializer.Serialize(attribution, JsonDocuments.Options);
        Assert.Contains("\"strength\": \"not established\"", text, StringComparison.Ordinal);
        var again = JsonSerializer.Deserialize<AttributedPicture>(text, JsonDocuments.Options)!;
        Assert.Equal(attribution with { Tiers = again.Tiers }, again);

        var share = new GroupShare("k", 0.5, 0.4, 0.6, 3) { PValue = 0.01, QValue = 0.02 };
        Assert.Equal(
            share,
            JsonSerializer.Deserialize<GroupShare>(
                JsonSerializer.Serialize(share, JsonDocuments.Options),
                JsonDocuments.Options
            )
        );
    }

    [Theory]
    [InlineData(EvidenceStrength.Strong, "strong")]
    [InlineData(EvidenceStrength.Moderate, "moderate")]
    [InlineData(EvidenceStrength.Weak, "weak")]
    [InlineData(EvidenceStrength.NotEstablished, "not established")]
    public void Words_in_JSON_are_the_words_themselves(EvidenceStrength strength, string word)
    {
        Assert.Equal(word, strength.Name());
        Assert.Equal($"\"{word}\"", JsonSerializer.Serialize(strength, JsonDocuments.Options));
    }

    [Fact]
    public void What_an_earlier_version_wrote_reads_and_is_written_as_it_was()
    {
        const string Share = """{"key":"k","share":0.5,"low":null,"high":null,"items":3}""";
        const string Old =
            "{\"rank\":1,\"item\":\"i\",\"sha256\":\"s\",\"score\":1,\"standardError\":null,\"direction\":1,"
            + "\"similarity\":null,\"tiers\":[],\"title\":null,\"license\":null,\"rightsHolder\":null,"
            + "\"author\":null,\"source\":null}";
        var (share, attribution) = (
            JsonSerializer.Deserialize<GroupShare>(Share, JsonDocuments.Options)!,
            JsonSerializer.Deserialize<AttributedPicture>(Old, JsonDocuments.Options)!
        );

        Assert.Null(share.PValue);
        Assert.Null(attribution.Strength);
        Assert.Equal(Share, JsonSerializer.Serialize(share, CompactOptions));
        Assert.Equal(Old, JsonSerializer.Serialize(attribution, CompactOptions));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
