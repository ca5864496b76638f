using DasAudit.Abstractions;
using DasAudit.Core.Features;
using DasAudit.Core.Features.Store;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;

namespace DasAudit.Core.Tests.Features.Store;

public sealed class FeatureSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Differences { get; } =
        new()
        {
            { "model", $"the model {new string('a', 64)}, not {new string('b', 64)}" },
            { "adapter", "the adapter tiny, not other" },
            { "version", "adapter version 1.0, not 1.1" },
            { "parameters", "parameters all, not 'up_blocks'" },
            { "attributed", "the number of attributed parameters 515, not 12" },
            {
                "kinds",
                "the kinds loss/unit/averaged, mean/raw/apart, picture-probe:0/raw/averaged, not mean/unit/averaged"
            },
            { "metric", $"the metric none, not {new string('e', 64)}" },
            { "timesteps", "timesteps 100, 300, 500, not 100, 300, 501" },
            { "replicates", "replicates 2, not 3" },
            { "seed", "seed 7, not 8" },
            { "projection", "projection sjlt:12, not none" },
            { "precision", "precision f32, not bf16" },
            { "computation", "the tool's computation 1, not 2" },
            { "part", "the part of the parameters all, not 'up_blocks'" },
            { "first", "the first noise draw 0, not 2" },
        };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Other_settings_are_refused_by_name_and_nothing_changes(string setting, string words)
    {
        Samples.Fill(_folder.Path, 3);
        var before = Directory.GetFiles(_folder.Path).ToDictionary(path => path, File.ReadAllBytes);
        var error = Assert.Throws<AuditException>(() =>
            FeatureStore.Open(_folder.Path, Other(setting), shown: "store")
        );
        Assert.Equal(
            $"The features in 'store' were made with {words}; "
                + "give another folder, or the settings they were made with.",
            error.Message
        );
        Assert.Equal(before, Directory.GetFiles(_folder.Path).ToDictionary(path => path, File.ReadAllBytes));
        Assert.NotEqual(Samples.Settings.FolderName(), Other(setting).FolderName());
    }

    [Fact]
    public void Every_setting_is_compared() =>
        Assert.Equal(
            typeof(FeatureSettings)
                .GetProperties()
                .Count(property => property.GetMethod!.IsPublic && !property.GetMethod.IsStatic),
            Differences.Count
        );

    [Fact]
    public void The_number_format_is_a_setting_too()
    {
        Samples.Fill(_folder.Path, 3, FeatureFormat.F16);
        Assert.Equal(
            "The features in 'store' were made with the number format f16, not f32; "
                + "give another folder, or the settings they were made with.",
            Assert
                .Throws<AuditException>(() =>
                    FeatureStore.Open(_folder.Path, Samples.Settings, FeatureFormat.F32, "store")
                )
                .Message
        );
        Assert.Equal(FeatureFormat.F16, FeatureStore.Open(_folder.Path, Samples.Settings).Format);
    }

    [Fact]
    public void They_are_read_off_model_and_options()
    {
        using var model = new TinyUnet();
        var settings = FeatureSettings.Of(
            model,
            "hash",
            "tiny",
            "2.0",
            new()
            {
                Kinds = [FeatureKind.UnitMean, FeatureKind.UnitLoss],
                Timesteps = 2,
                Replicates = 3,
                Seed = 9,
                Parameters = "^_last",
                Projection = ProjectionOptions.Parse("sjlt:64"),
                Precision = GradientPrecision.BFloat16,
            }
        );
        Assert.Null(
            settings.Difference(
                new()
                {
                    ModelSha256 = "hash",
                    Adapter = "tiny",
                    AdapterVersion = "2.0",
                    Parameters = "^_last",
                    AttributedParameters = 8 * 3 * 9 + 3,
                    Kinds = ["loss/unit/averaged", "mean/unit/averaged"],
                    MetricSha256 = null,
                    Timesteps = [250, 750],
                    Replicates = 3,
                    Seed = 9,
                    Projection = "sjlt:64",
                    Precision = "bf16",
                    Computation = FeatureSettings.CurrentComputation,
                }
            )
        );
    }

    [Fact]
    public void Long_lists_are_cut_short()
    {
        var many = Samples.Settings with { Timesteps = [.. Enumerable.Range(0, 1000)] };
        Assert.InRange(many.Difference(Samples.Settings)!.Length, 80, 200);
    }

    private static FeatureSettings Other(string setting) =>
        setting switch
        {
            "model" => Samples.Settings with { ModelSha256 = new string('b', 64) },
            "adapter" => Samples.Settings with { Adapter = "other" },
            "version" => Samples.Settings with { AdapterVersion = "1.1" },
            "parameters" => Samples.Settings with { Parameters = "up_blocks" },
            "attributed" => Samples.Settings with { AttributedParameters = 12 },
            "kinds" => Samples.Settings with { Kinds = ["mean/unit/averaged"] },
            "metric" => Samples.Settings with { MetricSha256 = new string('e', 64) },
            "timesteps" => Samples.Settings with { Timesteps = [100, 300, 501] },
            "replicates" => Samples.Settings with { Replicates = 3 },
            "seed" => Samples.Settings with { Seed = 8 },
            "precision" => Samples.Settings with { Precision = "bf16" },
            "projection" => Samples.Settings with { Projection = "none" },
            "part" => Samples.Settings with { AttributedPart = "up_blocks" },
            "first" => Samples.Settings with { FirstReplicate = 2 },
            _ => Samples.Settings with { Computation = 2 },
        };
}
