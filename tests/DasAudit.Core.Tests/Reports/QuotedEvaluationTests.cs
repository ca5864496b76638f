using DasAudit.Core.Reports;

namespace DasAudit.Core.Tests.Reports;

public class QuotedEvaluationTests
{
    [Fact]
    public void Only_those_of_the_model_and_dataset_are_quoted()
    {
        StoredEvaluation[] evaluations =
        [
            Evaluation("1", "lds"),
            Evaluation("2", "lds") with
            {
                ModelSha256 = "other",
            },
            Evaluation("3", "lds") with
            {
                DatasetRoot = "other",
            },
        ];

        Assert.Equal(["1"], Quoted(evaluations, "das").Select(quoted => quoted.Id));
    }

    [Fact]
    public void Of_the_same_evaluation_with_the_same_setting_the_newest_counts()
    {
        StoredEvaluation[] evaluations =
        [
            Evaluation("3", "lds"),
            Evaluation("2", "ensemble"),
            Evaluation("1", "lds"),
            Evaluation("0", "lds") with
            {
                Setting = "8 parts",
            },
        ];

        Assert.Equal(["3", "2", "0"], Quoted(evaluations, "das").Select(quoted => quoted.Id));
    }

    [Fact]
    public void Findings_are_about_the_model_and_then_the_methods_of_the_report_in_their_order()
    {
        var evaluation = Evaluation("1", "lds") with
        {
            Findings =
            [
                new("pva", "pva is good."),
                new("trak", "trak is so so."),
                new("das", "das is fair."),
                new(null, "The model is small."),
            ],
        };

        var quoted = Assert.Single(Quoted([evaluation], "das", "pva"));
        Assert.Equal(["The model is small.", "das is fair.", "pva is good."], quoted.Findings);
        Assert.Empty(Quoted([evaluation with { Findings = [new("trak", "trak is so so.")] }], "das"));
    }

    private static IReadOnlyList<QuotedEvaluation> Quoted(
        IReadOnlyList<StoredEvaluation> evaluations,
        params string[] methods
    ) => QuotedEvaluation.Of(evaluations, "model", "root", methods);

    private static StoredEvaluation Evaluation(string id, string name) => SampleEvaluation.Create(id, name);
}
