using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;

namespace DasAudit.Cli.Commands.Datasets;

internal sealed class DatasetIndexCommand(DatasetReader reader, ToolOutput output, TimeProvider time)
    : ToolCommand(
        "index",
        "Read every picture of a dataset and keep its hashes beside --store: later runs read changed files only."
    )
{
    private readonly Argument<string> _folder = DatasetReader.Folder();
    private readonly DatasetSettings _dataset = new("The training pictures");

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("dataset index pictures/", "Audits that follow read only what changes from now on."),
            ("dataset index pictures/ --rehash", "Read all files, whatever the index says."),
        ];

    public override string Notes =>
        "A file counts as unchanged while its path, size, times, inode and device are the same. audit, plan, train and "
        + "features build keep and use the same index; reports say so. Rights are read anew each time. Ctrl+C keeps "
        + "what was read so far.";

    protected override IReadOnlyList<Argument> Positionals => [_folder];

    protected override IReadOnlyList<ISetting> Settings => _dataset.Reading;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var folder = invocation.Get(_folder);
        var set = await reader.ReadAsync(invocation, folder, _dataset, cancellation).ConfigureAwait(false);
        var origin =
            set.Hashes
            ?? throw new AuditException(
                $"'{folder}' is a dataset in a few large files ({set.Kind}), which are read as a whole; "
                    + "only a folder of picture files has an index."
            );
        var index = invocation.Surroundings.Show(origin.IndexPath);
        if (origin.Problem is { } problem)
            throw new AuditException($"The index '{index}' cannot be kept ({problem}); give another --store.");
        var elapsed = time.GetElapsedTime(started);
        if (invocation.Json)
            output.WriteJson(Document(folder, set, origin, elapsed));
        else
        {
            output.Say(Sentence(set, origin, elapsed));
            output.SayUnbroken($"The index: {index}");
        }
        return ExitCode.Done;
    }

    private static object Document(string folder, TrainingSet set, HashOrigin origin, TimeSpan elapsed) =>
        new
        {
            schema = "das-audit/dataset-index/1",
            dataset = folder,
            index = origin.IndexPath,
            pictures = set.Items.Count,
            skipped = set.Skipped.Count,
            unchanged = origin.FromIndex,
            anew = origin.FromFiles,
            kept = origin.Kept,
            root = set.Root,
            seconds = Math.Round(elapsed.TotalSeconds, 3),
        };

    private static string Sentence(TrainingSet set, HashOrigin origin, TimeSpan elapsed)
    {
        var unkept = origin.FromIndex + origin.FromFiles - origin.Kept;
        var skipped = set.Skipped.Count > 0 ? $" {Numbers.Count(set.Skipped.Count, "file")} left out." : "";
        var again =
            unkept > 0
                ? $" {Numbers.Count(unkept, "file")} changed too short a time before to be known by the time; "
                    + "run this again to add what is unchanged then."
                : "";
        return $"{Numbers.Count(set.Items.Count, "picture")}: {Numbers.Count(origin.FromFiles, "file")} read, "
            + $"{Numbers.Count(origin.FromIndex)} unchanged, in {Numbers.Duration(elapsed)}.{skipped}{again}";
    }
}
