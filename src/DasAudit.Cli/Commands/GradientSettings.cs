using DasAudit.Abstractions;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Features;
using DasAudit.Core.Gradients;
using DasAudit.Core.Projections;

namespace DasAudit.Cli.Commands;

/// <summary>The options that say how gradients are taken; those of <c>features build</c> must be those of the audits that use the features.</summary>
internal sealed class GradientSettings
{
    private static readonly GradientOptions Defaults = new();

    private readonly Setting<int> _timesteps = Setting.Number(
        "--timesteps",
        "K",
        "Timesteps at which gradients are taken",
        1,
        1000,
        Defaults.Timesteps
    );

    private readonly Setting<int> _replicates = Setting.Number(
        "--replicates",
        "R",
        "Independent noise draws, which the intervals come from",
        1,
        1000,
        Defaults.Replicates
    );

    private readonly Setting<ProjectionOptions> _projection = Setting.Of(
        "--projection",
        "KIND:DIM",
        $"Projection of the gradients: {ProjectionOptions.Forms}; default {Defaults.Projection}.",
        text => Parsed.Of(() => ProjectionOptions.Parse(text)),
        Defaults.Projection
    );

    private readonly Setting<string?> _parameters = Setting.Text(
        "--parameters",
        "RULES",
        "Attribute only parameters whose names these regular expressions select, in order, ! before one leaves out; by default all"
    );

    private readonly Setting<string?> _metric = Setting.Text(
        "--metric",
        "FILE",
        "Adam's second moments of the parameters (safetensors), for its inner product of gradients; by default the usual one"
    );

    private readonly Setting<GradientPrecision> _precision = Setting.Of(
        "--precision",
        "NUMBERS",
        $"In which numbers the model's products are computed: f32 or bf16; default {Defaults.Precision.Name()}.",
        text => Parsed.Of(() => GradientPrecisions.Parse(text)),
        Defaults.Precision
    );

    private readonly Setting<long?> _memory = Setting.Of<long?>(
        "--memory",
        "SIZE",
        "Most memory to use, such as 2GiB; by default as much as the threads want.",
        text => ByteSize.Read(text),
        null
    );

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<ISetting> All =>
        [_timesteps, _replicates, _projection, _parameters, _metric, _precision, _memory];

    /// <summary>What they say.</summary>
    /// <exception cref="AuditException">The metric's file cannot be read.</exception>
    public GradientOptions Read(Invocation invocation, Surroundings surroundings, long seed) =>
        new()
        {
            Timesteps = invocation.Get(_timesteps),
            Replicates = invocation.Get(_replicates),
            Seed = seed,
            Projection = invocation.Get(_projection),
            Parameters = invocation.Get(_parameters),
            Metric = invocation.Get(_metric) is { } path ? AdamMetric.Open(surroundings.Resolve(path)) : null,
            Precision = invocation.Get(_precision),
            Memory = invocation.Get(_memory),
        };
}
