using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Output;
using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Reports;
using Spectre.Console.Testing;

namespace DasAudit.Cli.Tests.Output;

public class ReportViewTests
{
    [Fact]
    public void A_report_at_100_columns() =>
        Assert.Equal(
            """
            generated/smile-07.png: This picture is owed mostly to pictures of Google LLC.
            62 % of the measured influence, 95 % interval 55–69 %.


              #           score       training picture               rights holder                  licence
            ────────────────────────────────────────────────────────────────────────────────────────────────────
              1   0.812 ± 0.034   ▲   noto/1f600.png (grinning       Google LLC                     Apache-2.0
                                      face)
              2   0.051 ± 0.010   ▲   twemoji/1f600.png              Twitter, Inc. and other        CC-BY-4.0
                                                                     contributors
              3   0.000 ± 0.000   ▼   openmoji/1F603.png (a          not stated                     not stated
                                      title[U+001B][31m that
                                      [U+202E]tricks)


            Shares by rights holder, over all 120 candidates:
            Google LLC                            ███████████████████░░░░░░░░░░░  62 %  55–69 %  40 pictures
            Twitter, Inc. and other contributors  ████████░░░░░░░░░░░░░░░░░░░░░░  28 %  20–36 %  40 pictures
            (not stated)                          ███░░░░░░░░░░░░░░░░░░░░░░░░░░░  10 %             1 picture

            report      01J9ZQ3V5T8R2N4M6K7H1G0F9E, 14 March 2026, 09:26 UTC, das-audit 0.1.0
            query       generated/smile-07.png, 32×32, SHA-256 aaaaaaaaaaaa…
            model       das-audit-demo/model, 1 234 000 of 1 234 567 parameters, adapter diffusers, weights
                        dddddddddddd…
            dataset     das-audit-demo/dataset, 330 pictures, 2 left out, root eeeeeeeeeeee…
            candidates  120: identical picture 0, near 3, similar content 100, random control 20, encoder
                        vision_model.onnx
            method      das, 10 timesteps, 4 replicates, projection sjlt:4096, damping df:0.1, residual rms,
                        seed 0
            took        1 min 04 s, on cpu, 2 threads

            An estimate, by a linear approximation, of how far the model's output at the audited picture would
            move had the model never seen the training picture. Never negative. The size has no unit: compare
            scores within this report only.
            ▲ Seeing the training picture helps the model to make the audited picture. ▼ Seeing it works against
            that. The score has the same size either way.
            ± is one standard error.
            • Two files were left out.
            • Only 120 of 330 pictures were scored.

            """,
            Render(100)
        );

    [Fact]
    public void A_report_fits_a_narrow_window() =>
        Assert.All(Render(60).Split('\n'), line => Assert.InRange(line.Length, 0, 60));

    [Fact]
    public void Text_from_files_cannot_control_the_terminal()
    {
        var shown = Render(100);
        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\u202e', shown);
    }

    [Fact]
    public void Square_brackets_in_metadata_are_no_markup()
    {
        using var console = new TestConsole().Width(100);
        console.Write(ReportView.Of(ShownReport.Make(holder: "[red]ACME[/] [bold")));
        Assert.Contains("[red]ACME[/] [bold", console.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_positive_scores_it_says_that_no_part_was_measured()
    {
        using var console = new TestConsole().Width(100);
        console.Write(ReportView.Finding(ShownReport.Make() with { Groups = [new("A", 0, null, null, 3)] }));
        Assert.Equal(
            "generated/smile-07.png: No part in this picture was measured for any rights holder.",
            console.Output.Trim()
        );
    }

    public static TheoryData<string> Ids() => [.. MethodCatalog.All.Select(method => method.Description.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_report_says_what_the_scores_of_its_method_are_and_no_other_s(string id)
    {
        var (report, method) = (ShownReport.Make(), MethodCatalog.Find(id));
        using var console = new TestConsole().Width(4000);
        console.Write(
            ReportView.Of(report with { Method = report.Method with { Id = id, Scores = ScoreInfo.Of(method) } })
        );
        var shown = console.Output;
        foreach (var other in MethodCatalog.All)
            Assert.Equal(other == method, shown.Contains(other.Description.Scores.Meaning, StringComparison.Ordinal));
        Assert.Equal(method.Description.Scores.Direction != ScoreDirection.None, shown.Contains('▲'));
        Assert.Equal(method.Needs.LooksAtModel, shown.Contains("10 timesteps", StringComparison.Ordinal));
        Assert.Equal(
            method.Description.Scores.Noise != ScoreNoise.None,
            shown.Contains("4 replicates", StringComparison.Ordinal)
        );
        Assert.Equal(
            method.Needs is { Features.Count: > 0 } or { Activations: true },
            shown.Contains("projection sjlt", StringComparison.Ordinal)
        );
        Assert.Equal(
            method.Needs.LooksAtModel && method.Needs.RetrainedModels == 0,
            shown.Contains("1 234 000 of", StringComparison.Ordinal)
        );
        Assert.Equal(
            method.Description.Scores.Kind == ScoreKind.Influence,
            shown.Contains("owed", StringComparison.Ordinal)
        );
    }

    private static string Render(int width)
    {
        using var console = new TestConsole().Width(width);
        console.Write(ReportView.Of(ShownReport.Make()));
        return string.Join('\n', console.Output.Split('\n').Select(line => line.TrimEnd()));
    }
}
