using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands;

/// <summary>How gradients are taken; the same for <c>features build</c> and the audits that use its features.</summary>
internal sealed class GradientSettings
{
    private static readonly GradientOptions Defaults = new();

    private readonly Setting<int> _timesteps = Number(
        "--timesteps",
        "K",
        "Timesteps at which gradients are taken",
        1,
        1000,
        Defaults.Timesteps
    );

    private readonly Setting<int> _replicates = Number(
        "--replicates",
        "R",
        "Independent noise draws, which the intervals come from",
        1,
        1000,
        Defaults.Replicates
    );

    private readonly Setting<ProjectionOptions> _projection = Parsed(
        "--projection",
        "KIND:DIM",
        $"Projection of the gradients: {ProjectionOptions.Forms}; default {Defaults.Projection}.",
        ProjectionOptions.Parse,
        Defaults.Projection
    );

    private readonly Setting<string?> _parameters = Text(
        "--parameters",
        "RULES",
        "Attribute only the parameters whose names these regular expressions select; "
            + "they apply in order, and one after ! leaves out; by default all"
    );

    private readonly Setting<string?> _metric = Text(
        "--metric",
        "FILE",
        "Adam's second moments of the parameters (safetensors): gradients are then compared "
            + "by Adam's inner product instead of the usual one"
    );

    private readonly Setting<GradientPrecision> _precision = Parsed(
        "--precision",
        "NUMBERS",
        $"In which numbers the model's products are computed: {string.Join(", ", GradientPrecisions.Names)}; "
            + $"default {Defaults.Precision.Name()}.",
        GradientPrecisions.Parse,
        Defaults.Precision
    );

    private readonly Setting<long?> _memory = Parsed<long?>(
        "--memory",
        "SIZE",
        "Most memory to use, such as 2GiB; by default as much as the threads want.",
        text => ByteSize.Read(text),
        null
    );

    public IReadOnlyList<ISetting> All =>
        [_timesteps, _replicates, _projection, _parameters, _metric, _precision, _memory];

    public GradientOptions Read(Invocation invocation) =>
        new()
        {
            Timesteps = invocation.Get(_timesteps),
            Replicates = invocation.Get(_replicates),
            Seed = invocation.Seed,
            Projection = invocation.Get(_projection),
            Parameters = invocation.Get(_parameters),
            Metric = invocation.Get(_metric) is { } file ? AdamMetric.Open(invocation.Resolve(file)) : null,
            Precision = invocation.Get(_precision),
            Memory = invocation.Get(_memory),
        };
}
