using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands.Reports;
using DasAudit.Cli.Plugins;
using DasAudit.Evidence.Bundles;

namespace DasAudit.Cli.Commands.Policies;

/// <summary>What a policy can be asked about.</summary>
internal enum TargetKind
{
    /// <summary>A checkpoint.</summary>
    Model,

    /// <summary>Training pictures.</summary>
    Dataset,

    /// <summary>A generated picture.</summary>
    Picture,

    /// <summary>A bundle.</summary>
    Bundle,

    /// <summary>A report, or several, as JSON.</summary>
    ReportFile,

    /// <summary>The id of a stored report.</summary>
    StoredReport,
}

/// <summary>Something that a policy is asked about.</summary>
/// <param name="Text">As given.</param>
internal sealed record PolicyTarget(TargetKind Kind, string Text)
{
    private static readonly string[] PictureEndings =
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".webp",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
    ];

    /// <summary>Tells what a text names: by what is there, then by its ending, else it may be an id.</summary>
    /// <exception cref="AuditException">It names nothing.</exception>
    public static PolicyTarget Of(Invocation invocation, string text)
    {
        var path = invocation.Resolve(text);
        if (Directory.Exists(path))
            return new(IsModel(invocation, path) ? TargetKind.Model : TargetKind.Dataset, text);
        if (EndsWith(text, BundleNames.Ending))
            return new(TargetKind.Bundle, text);
        if (EndsWith(text, ".json"))
            return new(TargetKind.ReportFile, text);
        if (PictureEndings.Any(ending => EndsWith(text, ending)))
            return new(TargetKind.Picture, text);
        if (File.Exists(path))
            return new(IsModel(invocation, path) ? TargetKind.Model : TargetKind.Dataset, text);
        return ReportArguments.IsFile(text)
            ? throw new AuditException(
                $"There is no '{text}'; name a stored report, a bundle, a picture, a dataset or a model."
            )
            : new(TargetKind.StoredReport, text);
    }

    private static bool EndsWith(string text, string ending) =>
        text.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private static bool IsModel(Invocation invocation, string path)
    {
        var adapters = AdapterCatalog.Open(invocation.Surroundings, invocation.Plugins).Entries;
        return adapters.SelectMany(entry => entry.Adapters).Any(adapter => Recognises(adapter, path));
    }

    private static bool Recognises(LoadedAdapter adapter, string path)
    {
        try
        {
            return adapter.CanLoad(path);
        }
        catch (AuditException)
        {
            return false;
        }
    }
}
