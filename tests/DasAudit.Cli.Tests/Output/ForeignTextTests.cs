using DasAudit.Cli.Output;
using DasAudit.Core.Audits;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Comparisons;
using Spectre.Console.Rendering;
using Spectre.Console.Testing;

namespace DasAudit.Cli.Tests.Output;

/// <summary>Names, holders and captions of files must not steer the terminal that they are shown on.</summary>
public class ForeignTextTests
{
    private const string Steering = "a\u001b[31m\u009b2J\u0007\u202eb\r[link=x]";

    public static TheoryData<string> Views() => ["report", "comparison", "replay", "other inputs"];

    [Theory]
    [MemberData(nameof(Views))]
    public void Nothing_steers_the_terminal(string view)
    {
        var console = new TestConsole().Width(200);
        console.Write(View(view));

        Assert.DoesNotContain(console.Output, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', console.Output);
        Assert.Contains("[U+001B]", console.Output, StringComparison.Ordinal);
    }

    private static IRenderable View(string view)
    {
        var hostile = SampleReport.WithEveryText(Steering).Report;
        var once = hostile with { Attributions = [.. hostile.Attributions.Take(1)] };
        var other = once with
        {
            Attributions = [once.Attributions[0] with { Score = 7 }],
            Dataset = once.Dataset with { Root = "x" + Steering },
        };
        return view switch
        {
            "report" => ReportView.Of(hostile),
            "comparison" => ReportComparisonView.Of(ReportComparison.Of(once, other)),
            "replay" => ReplayView.Of(ReplayComparison.Of(once, other, 1e-3)),
            _ => ReplayView.OtherInputs(once, [new InputDifference("the model", Steering, Steering, Steering)]),
        };
    }
}
