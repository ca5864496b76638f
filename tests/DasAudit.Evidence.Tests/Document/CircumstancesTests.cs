using DasAudit.Core.Reports;
using DasAudit.Evidence.Document;

namespace DasAudit.Evidence.Tests.Document;

public class CircumstancesTests
{
    [Fact]
    public void Retrained_models_are_counted_and_named_by_their_hash_where_there_are_any()
    {
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report), fact => fact.Name.Contains("etrained", StringComparison.Ordinal));
        var facts = Facts(report with { Method = report.Method with { Retrained = new(1200, "abc") } })
            .Where(fact => fact.Name.Contains("etrained", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(
            [
                ("Retrained models", Content.Foreign(Figures.Count(1200))),
                ("SHA-256 of the retrained models", Content.Code("abc")),
            ],
            facts.Select(fact => (fact.Name, fact.Value))
        );
    }

    [Fact]
    public void A_metric_is_told_where_no_passes_tell_it()
    {
        const string name = "SHA-256 of the metric of gradients";
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report), fact => fact.Name == name);

        var fact = Facts(report with { Method = report.Method with { MetricSha256 = "abc" } })
            .Single(fact => fact.Name == name);

        Assert.Equal(Content.Code("abc"), fact.Value);
    }

    [Fact]
    public void Checkpoints_are_told_with_their_steps_and_hashes_where_they_say_something_new()
    {
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report), fact => fact.Name is "Gradients of" or "Passes");
        PassesInfo passes = new(
            [
                new(new('a', 64))
                {
                    Step = 300,
                    Steps = 1000,
                    MetricSha256 = "moments",
                },
                new(new('b', 64)),
            ],
            [25, 100],
            2
        )
        {
            Apart = true,
        };

        var facts = Facts(report with { Method = report.Method with { Passes = passes } }).ToList();

        var first = facts.FindIndex(fact => fact.Name == "Gradients of");
        Assert.Equal(
            [
                ("Gradients of", Content.Foreign($"step 300 of {Figures.Count(1000)} ({Figures.Percent(0.3)})")),
                ("SHA-256 of its weights", Content.Code(new('a', 64))),
                ("SHA-256 of its second moments, the metric", Content.Code("moments")),
                ("Gradients of", Content.Foreign("the finished model")),
                ("SHA-256 of its weights", Content.Code(new('b', 64))),
                (
                    "Passes",
                    Content.Foreign("2 noise draws at each timestep in each replicate, each pass scored by itself")
                ),
            ],
            facts.Skip(first).Take(6).Select(fact => (fact.Name, fact.Value))
        );
        Assert.Equal(
            $"pva: gradients of step 300 of {Figures.Count(1000)} ({Figures.Percent(0.3)}), weights aaaaaaaaaaaa…; "
                + "the finished model, weights bbbbbbbbbbbb…; in the metric of its optimiser's second moments; "
                + "timesteps 25, 100; 2 noise draws at each timestep in each replicate, each pass scored by itself.",
            PassesWords.Sentence("pva", passes)
        );
    }

    [Fact]
    public void The_noise_schedule_is_told_with_what_states_it_where_the_report_knows_it()
    {
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report, "What went in"), fact => fact.Value.Text == "sample");
        var model = report.Model with
        {
            Schedule = "squaredcos_cap_v2, 1000 timesteps",
            PredictionType = "sample",
            ScheduleSource = "assumed",
        };

        var facts = Facts(report with { Model = model }, "What went in").Select(fact => (fact.Name, fact.Value));
        Assert.Superset(
            new HashSet<(string, Content)>
            {
                ("Noise schedule", Content.Foreign("squaredcos_cap_v2, 1000 timesteps")),
                ("Predicts", Content.Foreign("sample")),
                ("Schedule and prediction", Content.Foreign("assumed")),
            },
            facts.ToHashSet()
        );
        Assert.Contains(
            ("schedule", Content.Foreign("squaredcos_cap_v2, 1000 timesteps, predicts sample, assumed")),
            BriefFacts.Of(report with { Model = model }).Select(fact => (fact.Name, fact.Value))
        );
        Assert.DoesNotContain(BriefFacts.Of(report), fact => fact.Name == "schedule");
    }

    [Fact]
    public void Prompt_and_captions_are_told_where_the_model_takes_them()
    {
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report, "What went in"), fact => fact.Name == "Prompt");
        report = report with
        {
            Query = report.Query with
            {
                Prompt = "a cat",
                Sampling = new()
                {
                    NegativePrompt = "dogs",
                    Seed = 18446744073709551615m,
                    Steps = 20,
                    Sampler = "Euler a",
                    Guidance = 7.5,
                },
                PromptSource = "PNG text 'parameters'",
            },
            Dataset = report.Dataset with { Captions = new(1200, 3, "abc"), Resize = "squash" },
        };

        Assert.Superset(
            new HashSet<(string, Content)>
            {
                ("Prompt", Content.Foreign("a cat")),
                ("Prompt from", Content.Foreign("PNG text 'parameters'")),
                ("Negative prompt", Content.Foreign("dogs")),
                ("Seed of the picture", Content.Foreign("18446744073709551615")),
                ("Sampling steps", Content.Foreign("20")),
                ("Sampler", Content.Foreign("Euler a")),
                ("Guidance", Content.Foreign("7.5")),
                ("Captions", Content.Foreign($"{Figures.Count(1200)}, and 3 pictures without")),
                ("SHA-256 of the captions", Content.Code("abc")),
                ("Pictures of other sizes", Content.Foreign("resized without their proportions")),
            },
            Facts(report, "What went in").Select(fact => (fact.Name, fact.Value)).ToHashSet()
        );
        Assert.Contains(
            ("prompt", Content.Foreign("a cat, from PNG text 'parameters'")),
            BriefFacts.Of(report).Select(fact => (fact.Name, fact.Value))
        );
        var empty = report with { Query = report.Query with { Prompt = "" } };
        Assert.Contains(Facts(empty, "What went in"), fact => fact is { Name: "Prompt", Value.Text: "(empty)" });
    }

    [Fact]
    public void How_pictures_are_prepared_for_the_encoder_stands_with_what_says_so_where_it_is_known()
    {
        var report = SampleReport.Create(attributions: 1).Report;
        Assert.DoesNotContain(Facts(report, "What went in"), fact => fact.Name == "Preprocessing");
        var encoder = report.Encoder! with { Preprocessing = "resize to 8×8, box", PreprocessingSource = "a.json" };
        var fact = Facts(report with { Encoder = encoder }, "What went in").Last();
        Assert.Equal(("Preprocessing", Content.Foreign("resize to 8×8, box (a.json)")), (fact.Name, fact.Value));
    }

    private static IEnumerable<Fact> Facts(AuditReport report, string title = "Method") =>
        Circumstances.Of(report).Single(section => section.Title == title).Blocks.OfType<Facts>().Single().Items;
}
