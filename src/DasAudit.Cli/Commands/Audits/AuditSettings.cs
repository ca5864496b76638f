using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Shell;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>The options that say how an audit is done.</summary>
internal sealed class AuditSettings
{
    private static readonly AuditRequest Defaults = new()
    {
        Images = [],
        Model = null!,
        Dataset = "",
        Tool = null!,
        Environment = null!,
    };

    /// <summary>The attribution method.</summary>
    public Setting<IAttributionMethod> Method { get; } =
        Setting.Of(
            "--method",
            "ID",
            "The attribution method, of those that methods list names; default das.",
            text => Parsed.Of(() => MethodCatalog.Find(text)),
            Defaults.Methods[0]
        );

    /// <summary>Methods to show beside it.</summary>
    public Setting<IReadOnlyList<IAttributionMethod>> Compare { get; } =
        Setting.Of<IReadOnlyList<IAttributionMethod>>(
            "--compare",
            "ID,ID",
            "Further methods to run on the same features and show beside it.",
            text => Parsed.Of(() => text.Split(',').Select(MethodCatalog.Find).ToList()),
            []
        );

    /// <summary>Pictures that the model never saw.</summary>
    public Setting<string?> Decoys { get; } =
        Setting.Of<string?>(
            "--decoys",
            "DIR|split:NAME",
            "Pictures like the dataset's that the model never saw, a folder or a split of the dataset, whose other pictures then are the training pictures; scores are tested against theirs.",
            text => Parsed.Of(() => DecoySource.Check(text)),
            null
        );

    /// <summary>Other pictures of the model.</summary>
    public Setting<string?> NullQueries { get; } =
        Setting.Text(
            "--null-queries",
            "DIR",
            "Other pictures that the model generated; scores are tested against those for these"
        );

    /// <summary>Models trained on parts of the dataset.</summary>
    public Setting<IReadOnlyList<string>> Retrained { get; } =
        Setting.Texts(
            "--retrained",
            "DIR",
            "Models that train --part made, for empirical-influence and datamodel: a folder of them, or one"
        );

    /// <summary>Pictures in the kernel beside the candidates.</summary>
    public Setting<int?> Background { get; } =
        Setting.Of<int?>(
            "--background",
            "N|all",
            "How many random training pictures beside the candidates stand in the kernel for the rest of the dataset, unscored, or all of the rest; default 0.",
            text => ReadCount(text, 0),
            Defaults.Background
        );

    /// <summary>Attributions to list.</summary>
    public Setting<int> Top { get; } =
        Setting.Number("--top", "N", "How many training pictures a report lists", 1, 1000, Defaults.Top);

    /// <summary>Size of the semantic tier; null for all.</summary>
    public Setting<int?> Candidates { get; } =
        Setting.Of<int?>(
            "--candidates",
            "N|all",
            "How many of the most similar training pictures to score, or all; default 1000.",
            text => ReadCount(text, 1),
            Defaults.Candidates.Limit
        );

    /// <summary>The image encoder's folder.</summary>
    public Setting<string?> Encoder { get; } =
        Setting.Text(
            "--encoder",
            "DIR",
            "A CLIP image encoder in ONNX: a folder or an .onnx file; needed to choose among more pictures than --candidates"
        );

    /// <summary>Rights holders whose pictures are always candidates.</summary>
    public Setting<IReadOnlyList<string>> IncludeOwner { get; } =
        Setting.Texts("--include-owner", "NAME", "A rights holder whose pictures are always candidates");

    /// <summary>How gradients are taken.</summary>
    public GradientSettings Gradients { get; } = new();

    /// <summary>The feature store.</summary>
    public Setting<string?> Features { get; } =
        Setting.Text(
            "--features",
            "DIR",
            "Features of an earlier run to use and add to; by default those beside --store"
        );

    /// <summary>Whether features are neither read nor kept.</summary>
    public Setting<bool> NoFeatures { get; } =
        Setting.Flag("--no-features", "Compute all features anew and keep none, whatever --features says");

    /// <summary>The damping rule.</summary>
    public Setting<IDampingRule?> Damping { get; } =
        Setting.Of<IDampingRule?>(
            "--damping",
            "RULE",
            "Damping: df:C, trace:C, fixed:λ, recall, gcv (das-v), band or band:LOW-HIGH; by default what suits the method, df:0.1 for das.",
            text => Parsed.Of(() => DampingRules.Parse(text)),
            null
        );

    /// <summary>The residual factor.</summary>
    public Setting<ResidualKind> Residual { get; } =
        Setting.Of(
            "--residual",
            "KIND",
            $"Residual factor: {string.Join(", ", ResidualNames.All)}; default {Defaults.Method.Residual.Name()}.",
            text => Parsed.Of(() => ResidualNames.Parse(text)),
            Defaults.Method.Residual
        );

    /// <summary>What shares are summed by.</summary>
    public Setting<GroupKey> GroupBy { get; } =
        Setting.Of(
            "--group-by",
            string.Join('|', GroupKey.All.Select(key => key.Name)),
            "What shares are summed by; default rights-holder.",
            text => Parsed.Of(() => GroupKey.Parse(text)),
            Defaults.GroupBy
        );

    /// <summary>Size of the most influential subset.</summary>
    public Setting<int> Subset { get; } =
        Setting.Number(
            "--subset",
            "N",
            "How many pictures to seek that the picture is owed to most when they are taken together, 0 for none",
            0,
            1000,
            Defaults.Subset
        );

    /// <summary>Class of the query.</summary>
    public Setting<int?> Class { get; } =
        Setting.OptionalNumber(
            "--class",
            "N",
            "Class the pictures were generated with, for a class-conditional model",
            0,
            int.MaxValue,
            "none"
        );

    /// <summary>Seeds of the queries.</summary>
    public Setting<IReadOnlyList<string>> QuerySeeds { get; } =
        Setting.Texts(
            "--query-seed",
            "N",
            "The seed each picture was generated from, for methods that follow its sampling; by default the N of seed-N.png",
            ','
        );

    /// <summary>Stop at broken pictures.</summary>
    public Setting<bool> Strict { get; } =
        Setting.Flag("--strict", "Refuse a dataset with broken pictures instead of leaving them out");

    /// <summary>Split of the dataset.</summary>
    public Setting<string?> Split { get; } =
        Setting.Text("--split", "NAME", "Use only the pictures of this split of the dataset");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<ISetting> All =>
        [
            Method,
            Compare,
            Decoys,
            NullQueries,
            Retrained,
            Encoder,
            Candidates,
            IncludeOwner,
            Background,
            Top,
            GroupBy,
            Subset,
            .. Gradients.All,
            Features,
            NoFeatures,
            Damping,
            Residual,
            Class,
            QuerySeeds,
            Strict,
            Split,
        ];

    /// <summary>Fills in what these options say.</summary>
    public AuditRequest Apply(Invocation invocation, AuditRequest request, Surroundings surroundings, long seed) =>
        request with
        {
            DatasetOptions = new() { Strict = invocation.Get(Strict), Split = invocation.Get(Split) },
            Candidates = new() { Limit = invocation.Get(Candidates), IncludedOwners = invocation.Get(IncludeOwner) },
            Gradients = Gradients.Read(invocation, surroundings, seed),
            FeatureStore = invocation.Get(NoFeatures) ? null : invocation.Get(Features),
            FeatureStores = invocation.Get(NoFeatures) ? null : request.FeatureStores,
            Methods =
            [
                .. new[] { invocation.Get(Method) }
                    .Concat(invocation.Get(Compare))
                    .DistinctBy(method => method.Description.Id),
            ],
            Decoys = invocation.Get(Decoys),
            NullQueries = ReadNullQueries(invocation),
            Retrained = ReadRetrained(invocation),
            Background = invocation.Get(Background),
            Method = new()
            {
                Damping = invocation.Get(Damping),
                Residual = invocation.Get(Residual),
                Seed = seed,
            },
            GroupBy = invocation.Get(GroupBy),
            Top = invocation.Get(Top),
            Subset = invocation.Get(Subset),
            QueryClass = invocation.Get(Class),
            QuerySeeds = ReadSeeds(invocation.Get(QuerySeeds), request.Images.Count),
        };

    private IReadOnlyList<string> ReadRetrained(Invocation invocation) =>
        invocation.Get(Retrained) is { Count: > 0 }
        && !invocation.Get(Compare).Prepend(invocation.Get(Method)).Any(method => method.Needs.RetrainedModels > 0)
            ? throw new UsageException(
                $"No method that was asked for looks at --retrained; add {string.Join(" or ", MethodCatalog.All.Where(method => method.Needs.RetrainedModels > 0).Select(method => method.Description.Id))}, or leave it out."
            )
            : invocation.Get(Retrained);

    private string? ReadNullQueries(Invocation invocation) =>
        (invocation.Get(Decoys), invocation.Get(NullQueries)) is (not null, not null)
            ? throw new UsageException(
                "--decoys and --null-queries give two different nulls to test against; give one of them."
            )
            : invocation.Get(NullQueries);

    private static IReadOnlyList<long>? ReadSeeds(IReadOnlyList<string> texts, int images)
    {
        if (texts.Count == 0)
            return null;
        if (texts.Count != images)
            throw new UsageException(
                $"--query-seed takes one seed for each of the {images} pictures, not {texts.Count}."
            );
        return
        [
            .. texts.Select(text =>
                long.TryParse(
                    text,
                    System.Globalization.NumberStyles.AllowLeadingSign,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var seed
                )
                    ? seed
                    : throw new UsageException($"--query-seed takes whole numbers, not '{text}'.")
            ),
        ];
    }

    private static int? ReadCount(string text, int least) =>
        text.Equals("all", StringComparison.OrdinalIgnoreCase) ? null
        : int.TryParse(
            text,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out var count
        )
        && count >= least
            ? count
        : throw new FormatException($"takes a whole number of at least {least}, or all, not '{text}'.");
}
