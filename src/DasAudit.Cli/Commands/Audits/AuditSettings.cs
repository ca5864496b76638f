using System.CommandLine;
using System.Globalization;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Settings;
using DasAudit.Clip;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Damping;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Audits;
using DasAudit.Core.Datasets;
using DasAudit.Core.Files;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using static DasAudit.Cli.Settings.Setting;

namespace DasAudit.Cli.Commands.Audits;

/// <summary>What <c>audit</c> and <c>plan</c> can be told; see <see cref="AuditRequestBuilder"/>.</summary>
/// <param name="isRequired">Whether a model and a dataset must be given.</param>
internal sealed class AuditSettings(ArgumentArity imageCount, string images, string dataset, bool isRequired = true)
{
    private static readonly AuditOptions Defaults = new();

    public Argument<string[]> Images { get; } = new("IMAGE") { Description = images, Arity = imageCount };

    /// <summary>Empty where it is not required and not given.</summary>
    public Setting<string> Model { get; } =
        isRequired
            ? Required("--model", "DIR", "The model that made the pictures")
            : Optional("--model", "DIR", "The model that made the pictures, with the training.json that train wrote");

    public DatasetSettings Dataset { get; } = new(dataset, isRequired);

    public Setting<IAttributionMethod> Method { get; } =
        Parsed(
            "--method",
            "ID",
            "The attribution method, of those that methods list names; default das.",
            MethodCatalog.Find,
            Defaults.Methods[0]
        );

    /// <summary>Null for <see cref="SecondOpinions"/>.</summary>
    public Setting<IReadOnlyList<IAttributionMethod>?> Compare { get; } =
        Parsed<IReadOnlyList<IAttributionMethod>?>(
            "--compare",
            "ID,ID|none",
            "Further methods to run on the same features and show beside it. Default pva-mini,pixel-ridge beside a "
                + "method that looks at gradients.",
            text => text == "none" ? [] : [.. text.Split(',').Select(MethodCatalog.Find)],
            null
        );

    /// <summary>Null for the whole picture.</summary>
    public Setting<RegionChoice?> Region { get; } =
        Parsed<RegionChoice?>(
            "--region",
            "X,Y,W,H|MASK",
            "The part of each picture that is asked about: a rectangle in its pixels, or a picture of its size that is "
                + "white there; by default all of it.",
            RegionChoice.Parse,
            null
        );

    public Setting<string?> Decoys { get; } =
        Parsed<string?>(
            "--decoys",
            "DIR|split:NAME",
            "Pictures like the dataset's that the model never saw: a folder, or a split of the dataset, whose other "
                + "pictures are then the training pictures. Scores are tested against the scores of the decoys.",
            DecoySource.Check,
            null
        );

    public Setting<string?> NullQueries { get; } =
        Text(
            "--null-queries",
            "DIR",
            "Other pictures that the model generated; scores are tested against the scores for them"
        );

    public Setting<IReadOnlyList<string>> Retrained { get; } =
        Texts(
            "--retrained",
            "DIR",
            "Models that train --part made, for empirical-influence and datamodel: a folder of them, or one"
        );

    public Setting<string?> Encoder { get; } =
        Text(
            "--encoder",
            "DIR",
            "A CLIP image encoder in ONNX: a folder or an .onnx file; "
                + "needed to choose among more pictures than --candidates"
        );

    public Setting<string?> Preprocess { get; } =
        Text(
            "--preprocess",
            "HOW",
            $"How pictures are prepared for --encoder: {string.Join('|', PreprocessingPresets.Names)}, or a "
                + "preprocessing file; by default what the file beside the encoder says"
        );

    /// <summary>Size of the semantic tier; null for all.</summary>
    public Setting<int?> Candidates { get; } =
        Parsed(
            "--candidates",
            "N|all",
            "How many of the most similar training pictures to score, or all; default 1000.",
            text => ReadCount(text, 1),
            Defaults.Candidates.Limit
        );

    public Setting<IReadOnlyList<string>> IncludeOwner { get; } =
        Texts("--include-owner", "NAME", "A rights holder whose pictures are always candidates");

    /// <summary>Size of the background; null for all.</summary>
    public Setting<int?> Background { get; } = NewBackground();

    /// <summary>How many pictures a report lists; null for all.</summary>
    public Setting<int?> Top { get; } =
        Parsed(
            "--top",
            "N|all",
            "How many training pictures a report lists, or all; default 20.",
            text => ReadCount(text, 1),
            Defaults.Top
        );

    public Setting<string?> Scores { get; } =
        Parsed<string?>(
            "--scores",
            "FILE.csv|FILE.parquet",
            "Write all scores of all pictures and methods, with their replicates, to this file.",
            text =>
                TableEnding.IsKnown(text)
                    ? text
                    : throw new FormatException($"takes a name that ends in .csv or .parquet, not '{text}'."),
            null
        );

    public Setting<GroupKey> GroupBy { get; } =
        Parsed(
            "--group-by",
            string.Join('|', GroupKey.All.Select(key => key.Name)),
            "What shares are summed by; default rights-holder.",
            GroupKey.Parse,
            Defaults.GroupBy
        );

    public Setting<int> Subset { get; } =
        Number(
            "--subset",
            "N",
            "Size of the set to look for: the training pictures that together matter most for the picture, 0 for none",
            0,
            1000,
            Defaults.Subset
        );

    public GradientSettings Gradients { get; } = new();

    public Setting<string?> Features { get; } =
        Text("--features", "DIR", "Features of an earlier run to use and add to; by default those beside --store");

    public Setting<bool> NoFeatures { get; } =
        Flag("--no-features", "Compute all features anew and keep none, whatever --features says");

    /// <summary>Null for what suits the method.</summary>
    public Setting<IDampingRule?> Damping { get; } =
        Parsed<IDampingRule?>(
            "--damping",
            "RULE",
            "Damping: df:C, trace:C, fixed:λ, recall, gcv (das-v), band or band:LOW-HIGH; "
                + "by default what suits the method, df:0.1 for das.",
            DampingRules.Parse,
            null
        );

    public Setting<ResidualKind> Residual { get; } =
        Parsed(
            "--residual",
            "KIND",
            $"Residual factor: {string.Join(", ", ResidualNames.All)}; default {Defaults.Method.Residual.Name()}.",
            ResidualNames.Parse,
            Defaults.Method.Residual
        );

    public Setting<IReadOnlyList<int>> Classes { get; } =
        CommaList(
            "--class",
            "N",
            "Class the pictures were generated with, for a class-conditional model: one from 0 for all of them, or one "
                + "for each",
            ReadClass
        );

    public Setting<string?> Prompt { get; } =
        Parsed<string?>(
            "--prompt",
            "TEXT",
            "The prompt the pictures were generated with, for a model that takes captions, \"\" for the empty one; by "
                + "default what each picture, or a file beside it, says.",
            text => text,
            null
        );

    public Setting<string?> NegativePrompt { get; } =
        Parsed<string?>(
            "--negative-prompt",
            "TEXT",
            "The negative prompt they were generated with, for the report; by default what each picture says.",
            text => text,
            null
        );

    public Setting<IReadOnlyList<long>> QuerySeeds { get; } =
        CommaList(
            "--query-seed",
            "N",
            "The seed each picture was generated from, for methods that follow its sampling; "
                + "by default the N of seed-N.png",
            ReadSeed
        );

    public Setting<string?> Auditor { get; } =
        Parsed<string?>(
            "--auditor",
            "NAME",
            "The person or organisation that makes the audit, for the report; by default nobody is named.",
            text =>
                text.Trim() is { Length: > 0 } name ? name : throw new FormatException("takes a name, not nothing."),
            null
        );

    public IReadOnlyList<ISetting> All(IReadOnlyList<ISetting> adapters) =>
        [
            Model,
            .. Dataset.All,
            .. adapters,
            Method,
            Compare,
            Region,
            Decoys,
            NullQueries,
            Retrained,
            Encoder,
            Preprocess,
            Candidates,
            IncludeOwner,
            Background,
            Top,
            Scores,
            GroupBy,
            Subset,
            .. Gradients.All,
            Features,
            NoFeatures,
            Damping,
            Residual,
            Classes,
            Prompt,
            NegativePrompt,
            QuerySeeds,
            Auditor,
        ];

    /// <summary>The size of a background, for an audit and for what measures audits; null for all.</summary>
    public static Setting<int?> NewBackground() =>
        Parsed(
            "--background",
            "N|all",
            "How many random training pictures, or all, join the candidates in the kernel to stand for the rest of "
                + "the dataset; they are not scored; default 0.",
            text => ReadCount(text, 0),
            Defaults.Background
        );

    public AuditTask Read(Invocation invocation) =>
        new(
            invocation.Get(Images),
            invocation.Get(Model),
            invocation.Get(Dataset.Dataset),
            invocation.Get(Encoder),
            invocation.Store,
            this
        );

    private static int? ReadCount(string text, int minimum)
    {
        if (text.Equals("all", StringComparison.OrdinalIgnoreCase))
            return null;
        var isCount = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        return isCount && count >= minimum
            ? count
            : throw new FormatException($"takes a whole number of at least {minimum}, or all, not '{text}'.");
    }

    /// <summary>Refuses what no method looks at.</summary>
    public void RefuseUnused(IReadOnlyList<IAttributionMethod> methods, Invocation invocation)
    {
        RefuseUnless(methods.Any(method => method.Description.Damping is not null), Damping, invocation);
        RefuseUnless(methods.Any(method => method.Description.Residuals), Residual, invocation);
    }

    /// <summary>
    /// Refuses a setting of the command line that nothing uses; a file and the environment may speak for many commands.
    /// </summary>
    public static void RefuseUnless(bool isUsed, ISetting setting, Invocation invocation)
    {
        if (!isUsed && invocation.Source(setting) == setting.Name)
            throw new UsageException(
                $"No method that was asked for looks at {setting.Name}; leave it out, or ask for a method that does."
            );
    }

    private static int ReadClass(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var label)
            ? label
            : throw new FormatException($"takes whole numbers from 0, not '{text}'.");

    private static long ReadSeed(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new FormatException($"takes whole numbers, not '{text}'.");
}
