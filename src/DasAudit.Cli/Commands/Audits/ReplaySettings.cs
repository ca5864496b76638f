using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Comparisons;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>Where a replay finds what a report names, and what a report does not hold.</summary>
internal sealed class ReplaySettings
{
    private readonly Setting<string?> _image = Text("--image", "FILE", "Where the audited picture lies now");
    private readonly Setting<string?> _model = Text("--model", "DIR", "Where the model lies now");
    private readonly DatasetSettings _dataset = new("Where the training pictures lie now", isRequired: false);
    private readonly Setting<string?> _encoder = Text(
        "--encoder",
        "DIR",
        "The CLIP image encoder, which reports name by its hash alone"
    );
    private readonly Setting<string?> _decoys = Text("--decoys", "DIR", "Where the decoys lie now");
    private readonly Setting<string?> _nullQueries = Text(
        "--null-queries",
        "DIR",
        "The other generated pictures, which reports do not name"
    );
    private readonly Setting<IReadOnlyList<string>> _retrained = Texts(
        "--retrained",
        "DIR",
        "The retrained models, which reports name by one hash alone"
    );
    private readonly Setting<IReadOnlyList<string>> _loras = Texts(
        "--lora",
        "FILE",
        "Where the LoRAs lie now, in the report's order; their weights are the report's"
    );
    private readonly Setting<string?> _config = Text(
        "--model-config",
        "DIR|FILE",
        "Where the model's description lies now"
    );
    private readonly Setting<string?> _metric = Text(
        "--metric",
        "FILE",
        "Adam's second moments, which reports name by their hash alone"
    );
    private readonly Setting<string?> _mask = Text("--mask", "FILE", "Where the mask of the region lies now");
    private readonly Setting<IReadOnlyList<long>> _seeds = CommaList(
        "--query-seed",
        "N",
        "The seed that the picture was generated from, if audit was told it",
        text =>
            long.TryParse(text, out var seed) ? seed : throw new FormatException($"takes a whole number, not '{text}'.")
    );

    /// <summary>How far figures may differ.</summary>
    public Setting<double> Tolerance { get; } =
        Number(
            "--tolerance",
            "PART",
            "How far scores may differ, in parts of the largest listed score, and shares, in parts of the whole",
            0,
            1,
            ReplayComparison.UsualTolerance
        );

    public IReadOnlyList<ISetting> All =>
        [
            Tolerance,
            _image,
            _model,
            _dataset.Dataset,
            _encoder,
            _loras,
            _config,
            _mask,
            _metric,
            _decoys,
            _nullQueries,
            _retrained,
            _dataset.CaptionColumn,
            _dataset.CaptionSource,
            _dataset.MissingCaptions,
            _seeds,
        ];

    /// <summary>Where everything lies: where the command line says, else where the report does.</summary>
    public ReplayPlaces Places(AuditReport report, Invocation invocation)
    {
        var loras = report.Model.With?.Loras ?? [];
        var moved = invocation.Get(_loras);
        if (moved.Count > 0 && moved.Count != loras.Count)
            throw new UsageException($"--lora takes one file for each of the report's {loras.Count} LoRAs.");
        RefuseUseless(report, invocation);
        var dataset = invocation.Get(_dataset.Dataset);
        return new()
        {
            Image = invocation.Get(_image) ?? report.Query.Path,
            Model = invocation.Get(_model) ?? report.Model.Path,
            Dataset = dataset.Length > 0 ? dataset : report.Dataset.Path,
            Encoder = invocation.Get(_encoder),
            Decoys = invocation.Get(_decoys) ?? report.Evidence?.Decoys?.Source,
            NullQueries = invocation.Get(_nullQueries),
            Retrained = invocation.Get(_retrained),
            Loras = [.. loras.Select((lora, i) => new LoraFile(moved.Count > 0 ? moved[i] : lora.Path, lora.Weight))],
            Config = invocation.Get(_config) ?? report.Model.With?.Config,
            Mask = invocation.Get(_mask) ?? report.Query.Region?.Mask,
            Metric = invocation.Get(_metric),
        };
    }

    // What the audit did not have would make it another one.
    private void RefuseUseless(AuditReport report, Invocation invocation)
    {
        (ISetting Setting, bool IsGiven, bool Had, string What)[] inputs =
        [
            (_encoder, invocation.Get(_encoder) is not null, report.Encoder is not null, "image encoder"),
            (_mask, invocation.Get(_mask) is not null, report.Query.Region?.Mask is not null, "mask"),
            (_metric, invocation.Get(_metric) is not null, report.Method.MetricSha256 is not null, "metric"),
            (_decoys, invocation.Get(_decoys) is not null, report.Evidence?.Decoys is not null, "decoys"),
            (
                _nullQueries,
                invocation.Get(_nullQueries) is not null,
                ReplayPlaces.HasNullQueries(report),
                "null queries"
            ),
            (_retrained, invocation.Get(_retrained).Count > 0, report.Method.Retrained is not null, "retrained models"),
        ];
        foreach (var (setting, isGiven, had, what) in inputs)
            if (isGiven && !had)
                throw new UsageException($"The report had no {what}; leave out {setting.Name}.");
    }

    /// <summary>How captions are read, which reports do not say.</summary>
    public CaptionOptions Captions(Invocation invocation)
    {
        var captions = new CaptionOptions
        {
            Column = invocation.Get(_dataset.CaptionColumn),
            Source = invocation.Get(_dataset.CaptionSource),
            Missing = invocation.Get(_dataset.MissingCaptions),
        };
        captions.Check();
        return captions;
    }

    /// <summary>The seed of the picture; null for what its name or file says.</summary>
    public IReadOnlyList<long>? Seeds(Invocation invocation) =>
        invocation.Get(_seeds) is { Count: > 0 } seeds ? seeds : null;
}
