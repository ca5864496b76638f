using DasAudit.Cli.Output;
using DasAudit.Evidence.Store;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Commands.Stores;

/// <summary>What a check of a whole store found, on one screen and as JSON.</summary>
internal static class StoreCheckView
{
    private const int Shown = 20;

    public static IRenderable Of(string store, StoreCheckResult result)
    {
        var grid = Tables.Pairs();
        grid.AddPair("store", $"{store}, {Numbers.Bytes(result.Bytes)}");
        grid.AddPair("records", Contents(result));
        grid.AddPair("chain", result.IsChained ? Chain(result) : "none: the store is of an older das-audit");
        foreach (var finding in result.Findings.Take(Shown))
            grid.AddRow(Tables.Mark(passed: false), Tables.Foreign(Sentence(finding)));
        if (result.Findings.Count > Shown)
            grid.AddPair("", $"and {Numbers.Count(result.Findings.Count - Shown)} more; --json lists them");
        if (result.IsSound)
            grid.AddRow(Tables.Mark(passed: true), new Text(Verdict(result)));
        return grid;
    }

    public static object Document(string store, StoreCheckResult result) =>
        new
        {
            schema = "das-audit/store-check/1",
            store,
            sound = result.IsSound,
            bytes = result.Bytes,
            reports = result.Reports,
            evaluations = result.Evaluations,
            pictures = result.Pictures,
            chained = result.IsChained,
            head = result.Head is { } head
                ? new
                {
                    store = head.Store,
                    count = head.Count,
                    hash = head.Hash,
                }
                : null,
            index = result.Index is { } index
                ? new { record = index.Record, difference = index.IsMissing ? "missing" : "altered" }
                : null,
            findings = result.Findings.Select(finding => new
            {
                record = finding.Record,
                kind = finding.Kind,
                id = finding.Id,
                what = finding.What,
            }),
        };

    private static string Contents(StoreCheckResult result)
    {
        var reports = Numbers.Count(result.Reports, "report");
        var evaluations = Numbers.Count(result.Evaluations, "evaluation");
        var pictures = Numbers.Count(result.Pictures, "small picture");
        return result.IsChained ? $"{reports}, {evaluations}, {pictures}" : $"{reports}, {evaluations}";
    }

    private static string Chain(StoreCheckResult result) =>
        result.Head is { } head ? $"{Numbers.Count(head.Count)}, hash {head.Hash}" : "its end cannot be read";

    private static string Verdict(StoreCheckResult result) =>
        result.IsChained
            ? "every record is what was written, in the order in which it was written, and none is missing"
            : "every report is what was stored; without a chain, removed ones may go unnoticed";

    private static string Sentence(StoreFinding finding) =>
        finding is { Record: { } record, Id: { } id, Kind: { } kind }
            ? $"record {record} ({StoredRecords.Word(kind)} {id}): {finding.What}"
            : finding.What;
}
