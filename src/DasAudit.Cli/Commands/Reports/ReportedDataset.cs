using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Progress;
using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>Reads a report's dataset again, as the report says that it was read.</summary>
internal sealed class ReportedDataset(DatasetIndexes indexes, ProgressReporter reporter)
{
    /// <summary>What showed where pictures of the dataset are transparent.</summary>
    public static PictureBackground Background(AuditReport report) =>
        report.Dataset.Background is { } color ? PictureBackground.Parse(color) : PictureBackground.White;

    /// <summary>The dataset.</summary>
    /// <returns>Null if its pictures are not those of the report.</returns>
    public async Task<TrainingSet?> ReadAsync(
        Invocation invocation,
        AuditReport report,
        string folder,
        CancellationToken cancellation
    )
    {
        var options = new TrainingSetOptions
        {
            Split = report.Dataset.Split,
            ListedOnly = report.Dataset.ListedOnly,
            Background = Background(report),
            Indexes = indexes.Beside(invocation.Store),
            ShownAs = folder,
        };
        var set = await reporter
            .RunAsync(progress => TrainingSetLoader.Load(invocation.Resolve(folder), options, progress, cancellation))
            .ConfigureAwait(false);
        return set.Root == report.Dataset.Root ? set : null;
    }

    /// <summary>What is said of a dataset whose pictures are others.</summary>
    public static string Different(AuditReport report, string folder) =>
        $"'{folder}' does not hold the pictures that the report {report.Id} is about: its root is not "
        + $"{report.Dataset.Root}. Name the dataset as it was.";
}
