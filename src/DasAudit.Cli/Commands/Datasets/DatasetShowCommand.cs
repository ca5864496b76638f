using System.CommandLine;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Settings;
using DasAudit.Core.Datasets;

namespace DasAudit.Cli.Commands.Datasets;

internal sealed class DatasetShowCommand(DatasetReader reader, ToolOutput output)
    : ToolCommand(
        "show",
        "Say what a dataset is: its kind, pictures, splits, rights, and what was decided in reading it."
    )
{
    private readonly Argument<string> _folder = DatasetReader.Folder();
    private readonly DatasetSettings _dataset = new("The training pictures");

    public override IReadOnlyList<(string CommandLine, string Does)> Examples =>
        [
            ("dataset show pictures/", "What it holds, of all splits; doctor says what an audit takes of it."),
            ("dataset show pictures/ --json", "All counts, for a program."),
        ];

    protected override IReadOnlyList<Argument> Positionals => [_folder];

    protected override IReadOnlyList<ISetting> Settings => _dataset.Reading;

    public override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var folder = invocation.Get(_folder);
        var set = await reader.ReadAsync(invocation, folder, _dataset, cancellation).ConfigureAwait(false);
        var summary = DatasetSummary.Of(set);
        summary = summary with { Notes = [.. summary.Notes.Select(invocation.WithOptionNames)] };
        if (invocation.Json)
            output.WriteJson(Document(folder, summary, set.Hashes));
        else
            output.Write(DatasetView.Of(folder, summary, set.Hashes, invocation.Surroundings));
        return ExitCode.Done;
    }

    private static object Document(string folder, DatasetSummary summary, HashOrigin? hashes) =>
        new
        {
            schema = "das-audit/dataset/1",
            dataset = folder,
            kind = summary.Kind,
            pictures = summary.Pictures,
            skipped = summary.Skipped,
            root = summary.Root,
            sizes = summary.Sizes,
            endings = summary.Endings,
            splits = summary.Splits,
            rightsHolders = summary.RightsHolders,
            licenses = summary.Licenses,
            labels = summary.Labels,
            captions = summary.Captions.Any(source => source.Value is not null) ? summary.Captions : null,
            notes = summary.Notes,
            index = hashes is null
                ? null
                : new
                {
                    path = hashes.IndexPath,
                    since = hashes.Indexed,
                    unchanged = hashes.FromIndex,
                    anew = hashes.FromFiles,
                    kept = hashes.Kept,
                    problem = hashes.Problem,
                },
        };
}
