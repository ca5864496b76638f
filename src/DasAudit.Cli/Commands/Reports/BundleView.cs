using System.Globalization;
using DasAudit.Cli.Output;
using DasAudit.Evidence.Bundles;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>What a bundle was found to be, on one screen and as JSON.</summary>
internal static class BundleView
{
    public static IRenderable Of(string file, BundleVerification bundle)
    {
        var grid = Tables.Pairs();
        grid.AddPair("bundle", $"{file}, {Numbers.Count(bundle.Parts, "file")} in it");
        if (bundle.Contents is { } contents)
            AddContents(contents);
        foreach (var check in bundle.Checks)
            grid.AddRow(CheckRows.Mark(check), Tables.Foreign($"{check.Name}: {check.What}"));
        foreach (var sentence in bundle.NotChecked)
            grid.AddPair("not checked", sentence);
        grid.AddPair("unaltered", Verdict(bundle));
        return grid;

        void AddContents(BundleContents contents)
        {
            var report = contents.Report;
            var tool = report.Tool;
            grid.AddPair("report", $"{report.Id}, on {report.Query.Path}");
            grid.AddPair(
                "made",
                $"{Moment(report.CreatedUtc)}, as the report says, by das-audit {tool?.Version} ({tool?.Commit})"
            );
            if (contents.Record is { } place)
                grid.AddPair("record", $"{place.Record.Sequence} of the store {place.Store}, hash {place.Record.Hash}");
        }
    }

    public static object Document(string file, BundleVerification bundle) =>
        new
        {
            schema = "das-audit/bundle-verification/1",
            file,
            unaltered = bundle.IsUnaltered,
            consistent = bundle.IsConsistent,
            id = bundle.Contents?.Report.Id,
            createdUtc = bundle.Contents?.Report.CreatedUtc,
            timestampUtc = bundle.Timestamp,
            record = bundle.Contents?.Record is { } place
                ? new
                {
                    store = place.Store,
                    sequence = place.Record.Sequence,
                    hash = place.Record.Hash,
                }
                : null,
            signatures = bundle.Signatures,
            checks = bundle.Checks,
            notChecked = bundle.NotChecked,
        };

    private static string Verdict(BundleVerification bundle) =>
        bundle.IsUnaltered switch
        {
            true => "yes: it is what was signed by the keys that you gave",
            false => "NO",
            null => "cannot be told: nothing in it contradicts anything, but no signature was verified",
        };

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
