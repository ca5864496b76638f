using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Core.Datasets;
using Spectre.Console;

namespace DasAudit.Cli.Commands.Datasets;

/// <summary>What a dataset is, for the console.</summary>
internal static class DatasetView
{
    private const int Most = 10;

    public static Grid Of(string folder, DatasetSummary summary, HashOrigin? hashes, Surroundings surroundings)
    {
        var grid = new Grid()
            .AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap().RightAligned())
            .AddColumn();
        Add(grid, "dataset", "", $"{folder}, {summary.Kind}");
        Add(grid, "pictures", Numbers.Count(summary.Pictures), "");
        if (summary.Skipped > 0)
            Add(grid, "left out", Numbers.Count(summary.Skipped), "dataset check says why");
        Add(grid, "sizes", summary.Sizes, "sizes");
        Add(grid, "names end in", summary.Endings, "endings");
        Add(grid, "splits", summary.Splits, "splits");
        Add(grid, "rights holders", summary.RightsHolders, "rights holders");
        Add(grid, "licences", summary.Licenses, "licences");
        Add(grid, "labels", summary.Labels, "labels");
        Add(grid, "captions of", summary.Captions, "sources");
        Add(grid, "Merkle root", "", summary.Root);
        Add(grid, "index", "", Index(hashes));
        if (hashes is { Problem: null })
            Add(grid, "", "", surroundings.Show(hashes.IndexPath));
        foreach (var note in summary.Notes)
            Add(grid, "note", "", note);
        return grid;
    }

    // What no picture states is left out.
    private static void Add(Grid grid, string name, IReadOnlyList<ValueCount> values, string nouns)
    {
        if (values.All(value => value.Value is null))
            return;
        foreach (var (i, value) in values.Take(Most).Index())
            Add(grid, i == 0 ? name : "", Numbers.Count(value.Count), value.Value ?? "(not stated)");
        if (values.Count > Most)
            Add(
                grid,
                "",
                Numbers.Count(values.Skip(Most).Sum(value => value.Count)),
                $"in {Numbers.Count(values.Count - Most)} more {nouns}"
            );
    }

    private static void Add(Grid grid, string name, string count, string text) =>
        grid.AddRow(new Text(name), new Text(count), Tables.Foreign(text));

    private static string Index(HashOrigin? hashes)
    {
        if (hashes is null)
            return "none; only a folder of picture files has one";
        if (hashes.Problem is { } problem)
            return $"none, because it cannot be kept: {problem}";
        if (hashes.Indexed is not { } since)
            return "made now";
        var unchanged = Numbers.Count(hashes.FromIndex, "file");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{unchanged} unchanged since {since:yyyy-MM-dd}, {Numbers.Count(hashes.FromFiles)} read now"
        );
    }
}
