using DasAudit.Cli.Output;
using DasAudit.Evidence.Bundles;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>What a proof was found to be, on one screen and as JSON.</summary>
internal static class ProofView
{
    public static IRenderable Of(string file, ProofVerification proof)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Add("proof", file);
        Add("claim", proof.Claim);
        foreach (var check in proof.Checks)
            grid.AddRow(CheckRows.Mark(check), Tables.Foreign($"{check.Name}: {check.What}"));
        foreach (var sentence in proof.NotChecked)
            Add("not checked", sentence);
        Add("proven", Verdict(proof));
        return grid;

        void Add(string name, string text) => grid.AddRow(new Text(name), Tables.Foreign(text));
    }

    public static object Document(string file, ProofVerification proof) =>
        new
        {
            schema = "das-audit/proof-verification/1",
            file,
            proven = proof.Holds,
            report = proof.Report,
            claim = proof.Claim,
            checks = proof.Checks,
            notChecked = proof.NotChecked,
        };

    private static string Verdict(ProofVerification proof) =>
        proof.Holds switch
        {
            true => "yes",
            false => "NO",
            null => "cannot be told: the proof is sound in itself, but its root was compared with nothing",
        };
}
