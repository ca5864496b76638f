using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Progress;
using DasAudit.Core.Datasets;

namespace DasAudit.Cli.Commands.Datasets;

/// <summary>Reads the dataset that a command of <c>dataset</c> is about: all splits, unless one is named.</summary>
internal sealed class DatasetReader(DatasetIndexes indexes, ProgressReporter reporter)
{
    /// <summary>The argument that names it.</summary>
    public static Argument<string> Folder() => new("DIR") { Description = "The training pictures." };

    public Task<TrainingSet> ReadAsync(
        Invocation invocation,
        string folder,
        DatasetSettings settings,
        CancellationToken cancellation
    )
    {
        var options = settings.Read(invocation, indexes.Beside(invocation.Store), folder);
        options = options with { Split = options.Split ?? TrainingSetOptions.AllSplits };
        return reporter.RunAsync(progress =>
            TrainingSetLoader.Load(invocation.Resolve(folder), options, progress, cancellation)
        );
    }
}
