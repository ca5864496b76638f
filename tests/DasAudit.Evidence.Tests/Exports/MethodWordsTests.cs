using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Scores;
using DasAudit.Core.Files;
using DasAudit.Core.Reports;
using DasAudit.Core.Uncertainty;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Html;

namespace DasAudit.Evidence.Tests.Exports;

/// <summary>
/// Pages for people say of the scores of each method what they are, and nothing that is true of another's only.
/// </summary>
public class MethodWordsTests
{
    private static readonly IReportExporter[] Pages = [new MarkdownExporter(), new HtmlExporter()];

    public static TheoryData<string> Ids() => [.. MethodCatalog.All.Select(method => method.Description.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_report_says_what_its_own_scores_are_and_no_other_method_s(string id)
    {
        var scores = MethodCatalog.Find(id).Description.Scores;
        foreach (var text in Texts(id))
        {
            Assert.Contains(scores.Meaning, text, StringComparison.Ordinal);
            Assert.Contains($"means that {scores.LargerMeans}.", text, StringComparison.Ordinal);
            Assert.Contains(scores.Scale, text, StringComparison.Ordinal);
            foreach (var other in MethodCatalog.All.Select(method => method.Description).Where(other => other.Id != id))
                Assert.DoesNotContain(other.Scores.Meaning, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_a_method_does_not_have_is_not_spoken_of(string id)
    {
        var (method, description) = (MethodCatalog.Find(id), MethodCatalog.Find(id).Description);
        foreach (var text in Texts(id))
        {
            Said(description.Scores.Direction != ScoreDirection.None, "▲");
            Said(description.Scores.Direction != ScoreDirection.None, "helps make it");
            Said(description.Scores.Direction == ScoreDirection.Beside, "The score has the same size either way");
            Said(
                !description.Scores.ChangesAddUp && description.Scores.Kind != ScoreKind.Chance,
                "Scores below 0 count as 0"
            );
            Said(description.Scores.Noise == ScoreNoise.Drawn, "The noise was drawn once");
            Said(method.Needs.LooksAtModel, "Timesteps");
            Said(method.Needs.Features.Count > 0, "Residual");
            Said(method.Needs is { Features.Count: > 0 } or { Activations: true }, "Projection");
            Said(method.Needs.LooksAtModel && method.Needs.RetrainedModels == 0, "Attributed parameters");
            Said(description.Scores.Kind == ScoreKind.Influence, "owed");
            Said(
                description.Scores.Kind == ScoreKind.Resemblance,
                "They do not say whether the model learnt anything from a picture"
            );
            Said(description.Scores.Kind == ScoreKind.Chance, "Scores are random numbers");
            Assert.DoesNotContain("±", text, StringComparison.Ordinal);

            void Said(bool expected, string part) =>
                Assert.True(
                    expected == text.Contains(part, StringComparison.Ordinal),
                    $"{id}: '{part}' is {(expected ? "missing" : "said")}"
                );
        }
    }

    [Fact]
    public void Only_methods_that_look_at_the_model_speak_of_what_it_would_do()
    {
        foreach (var method in MethodCatalog.All.Where(method => method.Description.Scores.Kind != ScoreKind.Influence))
        {
            Assert.DoesNotContain("would move", method.Description.Scores.Meaning, StringComparison.Ordinal);
            Assert.DoesNotContain("error", method.Description.Scores.Meaning, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_report_of_an_earlier_version_says_what_the_method_of_its_id_says_now(string id)
    {
        var (now, earlier) = (Report(id), Report(id));
        earlier = earlier with
        {
            Report = earlier.Report with { Method = earlier.Report.Method with { Scores = null } },
        };
        foreach (var page in Pages)
            Assert.Equal(WithoutHash(page, now), WithoutHash(page, earlier));
    }

    [Fact]
    public void The_scores_of_a_method_that_is_not_known_are_not_called_anything_else()
    {
        var report = SampleReport.Create();
        report = report with { Report = report.Report with { Method = report.Report.Method with { Id = "mine" } } };
        foreach (var text in Pages.Select(page => Read(page, report)))
        {
            Assert.Contains("this report does not say how it comes to it", text, StringComparison.Ordinal);
            Assert.All(
                MethodCatalog.All,
                method => Assert.DoesNotContain(method.Description.Scores.Meaning, text, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public void What_scores_are_reads_and_is_written_again()
    {
        foreach (var method in MethodCatalog.All)
        {
            var text = ReportJson.Serialize(Report(method.Description.Id).Report);
            var read = ReportJson.Deserialize(text);
            Assert.Equal(method.Description.Scores.Kind, read.Method.Scores!.Kind);
            Assert.Equal(text, ReportJson.Serialize(read));
        }
    }

    private static IEnumerable<string> Texts(string id) => Pages.Select(page => Read(page, Report(id)));

    // As an audit with one noise draw and no comparison makes it.
    private static StoredReport Report(string id)
    {
        var (sample, method) = (SampleReport.Create(), MethodCatalog.Find(id));
        return sample with
        {
            Report = sample.Report with
            {
                Method = sample.Report.Method with
                {
                    Id = id,
                    Scores = ScoreInfo.Of(method),
                    Replicates = 1,
                    OutputFunction = "none",
                },
                Attributions = [.. sample.Report.Attributions.Select(a => a with { StandardError = null })],
                Groups = [.. sample.Report.Groups.Select(g => g with { Low = null, High = null })],
                Evidence = new()
                {
                    QValues = "benjamini-hochberg",
                    Top = 20,
                    Definition = EvidenceDefinition.Of(
                        20,
                        null,
                        noise: false,
                        120,
                        kind: method.Description.Scores.Kind,
                        source: method.Description.Scores.Noise
                    ),
                    Meaning = [],
                },
                Limits = [],
            },
        };
    }

    private static string Read(IReportExporter page, StoredReport report)
    {
        var text = Expected.Text(page, report);
        // The style sheet and its classes are none of the report's words.
        if (page.Format == "html")
            text = WebUtility.HtmlDecode(
                Regex.Replace(text[text.IndexOf("<body", StringComparison.Ordinal)..], "class=\"[^\"]*\"", "")
            );
        return text.Replace("\\", "", StringComparison.Ordinal);
    }

    // A report with another text has another hash.
    private static string WithoutHash(IReportExporter page, StoredReport report)
    {
        var hash = CanonicalJson.Sha256(Encoding.UTF8.GetBytes(ReportJson.Serialize(report.Report)));
        return Expected.Text(page, report).Replace(hash, "", StringComparison.Ordinal);
    }
}
