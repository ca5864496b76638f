using DasAudit.Cli.Output;
using DasAudit.Evidence.Bundles;
using Spectre.Console.Rendering;

namespace DasAudit.Cli.Commands.Reports;

/// <summary>What a proof was found to be, on one screen and as JSON.</summary>
internal static class ProofView
{
    public static IRenderable Of(string file, ProofVerification proof)
    {
        var grid = Tables.Pairs();
        grid.AddPair("proof", file);
        grid.AddPair("claim", proof.Claim);
        foreach (var check in proof.Checks)
            grid.AddRow(CheckRows.Mark(check), Tables.Foreign($"{check.Name}: {check.What}"));
        foreach (var sentence in proof.NotChecked)
            grid.AddPair("not checked", sentence);
        grid.AddPair("proven", Verdict(proof));
        return grid;
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
