using DasAudit.Core.Datasets;
using DasAudit.Core.Pictures;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Pictures.Generation;
using DasAudit.Core.Uncertainty;

namespace DasAudit.Core.Tests.Audits;

/// <summary>Audits of a model that takes captions.</summary>
public sealed class CaptionAuditTests : IDisposable
{
    private const string WebUi =
        "a (red:1.2) cat <lora:style:0.8>\nNegative prompt: dogs\n"
        + "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 16x16, Model: other";

    private readonly TempFolder _folder = new();

    public CaptionAuditTests()
    {
        _folder.WritePictures("set", 0, 4);
        for (var i = 0; i < 4; i++)
            _folder.Write($"set/p{i}.txt", $"picture {i}");
        _folder.Write("query.png", TestPictures.Png(7, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_negative_prompt_that_the_picture_contradicts_is_said()
    {
        WriteQuery(WebUi);

        var limits = (Audit() with { NegativePrompt = "cats" }).Report().Limits;

        Assert.Contains(
            "'query.png' states another negative prompt (PNG text 'parameters') than {negative-prompt}, which the "
                + "report shows; scores depend on neither.",
            limits
        );
        Assert.DoesNotContain(
            (Audit() with { NegativePrompt = "dogs" }).Report().Limits,
            limit => limit.Contains("{negative-prompt}", StringComparison.Ordinal)
        );
    }

    private TestAudit Audit() => new(_folder) { Adapter = new TinyAdapter(_ => new CaptionModel()) };

    private static string Scores(AuditReport report) =>
        string.Join('\n', report.Attributions.OrderBy(a => a.Item, StringComparer.Ordinal).Select(a => a.Score));

    [Fact]
    public void Captions_are_counted_hashed_and_matter()
    {
        var report = Audit().Report();
        var captions = report.Dataset.Captions!;
        Assert.Equal((4, 0), (captions.Stated, captions.Missing));
        Assert.Contains(
            "4 pictures have the caption that a .txt file beside the picture holds, first 'p0.png'.",
            report.Limits
        );

        _folder.Write("set/p1.txt", "another caption");
        var second = Audit().Report();
        Assert.NotEqual(captions.Sha256, second.Dataset.Captions!.Sha256);
        Assert.NotEqual(Scores(report), Scores(second));
        Assert.Equal(report.Dataset.Root, second.Dataset.Root);
    }

    [Fact]
    public void Without_a_prompt_the_picture_is_looked_at_under_the_empty_one()
    {
        var report = Audit().Report();
        Assert.Equal(("", "none: the empty prompt"), (report.Query.Prompt, report.Query.PromptSource));
        Assert.Contains(
            "Nothing says which prompt 'query.png' was generated with, so it was looked at under the empty prompt; "
                + "{prompt} gives it.",
            report.Limits
        );
        Assert.Equal(Scores(report), Scores((Audit() with { Prompt = "" }).Report()));
    }

    [Fact]
    public void What_a_picture_says_of_itself_is_in_the_report()
    {
        var pixels = Audit().Report().Query.PixelSha256;
        WriteQuery(WebUi);

        var report = Audit().Report();

        var query = report.Query;
        Assert.Equal(pixels, query.PixelSha256);
        Assert.Equal(("a red cat", "PNG text 'parameters'"), (query.Prompt, query.PromptSource));
        var sampling = query.Sampling!;
        Assert.Equal(("dogs", 5m, 20), (sampling.NegativePrompt, sampling.Seed, sampling.Steps));
        Assert.Equal(("Euler a", 7.0), (sampling.Sampler, sampling.Guidance));
        Assert.Contains(
            "The prompt of 'query.png' weighs words by brackets; the model was given the words alone, without weights.",
            report.Limits
        );
        Assert.Contains(
            "The picture says that it was made with the model 'other'; whether that is the audited one, 'model', was "
                + "not checked.",
            report.Limits
        );
        Assert.Contains(
            "The picture says that it was made with the LoRA 'style' at the weight 0.8, which was not given.",
            report.Limits
        );
        Assert.Contains("The picture says that it was made at 16×16, and measures 8×8.", report.Limits);
        Assert.Equal(Scores(report), Scores((Audit() with { Prompt = "a red cat" }).Report()));
        Assert.NotEqual(Scores(report), Scores((Audit() with { Prompt = "" }).Report()));
    }

    [Fact]
    public void A_lora_and_a_model_that_are_audited_are_no_surprise()
    {
        WriteQuery(WebUi);
        var audit = Audit() with { Model = "models/Other.safetensors", Loras = [new("loras/style.safetensors")] };
        var lora = _folder.Write("loras/style.safetensors", "weights");
        var report = (audit with { Adapter = new TinyAdapter(_ => new CaptionModel { Files = [lora] }) }).Report();
        Assert.DoesNotContain(report.Limits, limit => limit.Contains("was made with", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pictures_model_hash_is_held_against_the_audited_models()
    {
        var known = Audit().Report().Model.WeightsSha256[..10];
        WriteQuery($"a red cat\nSteps: 20, Seed: 5, Model hash: {known}");
        var same = Audit().Report();
        WriteQuery("a red cat\nSteps: 20, Seed: 5, Model hash: 0123456789, Model: model");
        var other = Audit().Report();
        Assert.DoesNotContain(same.Limits, limit => limit.Contains("was made with", StringComparison.Ordinal));
        Assert.Contains(
            $"The picture says that it was made with a model of the hash 0123456789, and that of the "
                + $"audited one, 'model', is {known}.",
            other.Limits
        );
    }

    [Fact]
    public void What_was_given_holds_before_what_the_picture_says()
    {
        WriteQuery(WebUi);
        var report = (Audit() with { Prompt = "given", NegativePrompt = "cats" }).Report();
        var query = report.Query;
        Assert.Equal(("given", "{prompt}", "cats"), (query.Prompt, query.PromptSource, query.Sampling!.NegativePrompt));
        Assert.Contains(
            "'query.png' states another prompt (PNG text 'parameters') than {prompt}, which was taken.",
            report.Limits
        );
    }

    [Fact]
    public void A_missing_caption_is_refused_unless_it_counts_as_empty()
    {
        File.Delete(_folder["set/p2.txt"]);
        Assert.Contains(
            "1 of 4 pictures of 'set' have no caption, first 'p2.png'",
            Audit().Refusal(),
            StringComparison.Ordinal
        );
        var lenient = Audit() with { DatasetOptions = new() { Captions = new() { Missing = MissingCaptions.Empty } } };
        var report = lenient.Report();
        Assert.Equal((3, 1), (report.Dataset.Captions!.Stated, report.Dataset.Captions.Missing));
        _folder.Write("set/p2.txt", "");
        Assert.Equal(Scores(report), Scores(Audit().Report()));
    }

    [Fact]
    public void Decoys_without_captions_cannot_be_held_against_pictures_with_some()
    {
        for (var i = 0; i < 3; i++)
            _folder.Write($"decoys/d{i}.png", TestPictures.Png(50 + i, 8, 8));
        Assert.StartsWith(
            "The training pictures have captions and the decoys have none (decoys: 'decoys')",
            (Audit() with { Decoys = "decoys" }).Refusal(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_caption_that_the_model_cuts_is_told()
    {
        _folder.Write("set/p1.txt", new string('a', CaptionModel.Longest + 1));
        Assert.Contains(
            "Of 1 of 5 captions and prompts the model is not given all; the first is that of 'p1.png': Its end was "
                + "cut.",
            Audit().Report().Limits
        );
    }

    [Fact]
    public void Null_queries_have_their_own_prompts()
    {
        for (var i = 0; i < 3; i++)
            _folder.Write($"others/o{i}.png", TestPictures.Png(20 + i, 8, 8));
        var audit = Audit() with { NullQueries = "others" };
        var silent = PValues(audit.Report());
        Assert.Equal(Expected("", "", ""), silent);

        _folder.Write("others/o1.txt", "a caption\nSteps: 3, Seed: 4, Size: 8x8");
        var prompted = PValues(audit.Report());
        Assert.Equal(Expected("", "a caption", ""), prompted);
        Assert.NotEqual(silent, prompted);

        static double[] PValues(AuditReport report)
        {
            Assert.Equal((NullPoolKind.Queries, 3), (report.Evidence!.NullPool!.Kind, report.Evidence.NullPool.Size));
            return [.. report.Attributions.OrderBy(a => a.Item, StringComparer.Ordinal).Select(a => a.PValue!.Value)];
        }

        double[] Expected(params string[] prompts)
        {
            var others = prompts.Index().Select(other => Ordered($"others/o{other.Index}.png", other.Item));
            double[][] byQuery = [Ordered("query.png", ""), .. others];
            return QueryPermutation.PValues(TwoWayStandardisation.ByQuery(byQuery));
        }

        double[] Ordered(string picture, string prompt)
        {
            var report = (Audit() with { Images = [picture], Prompt = prompt }).Report();
            return [.. report.Attributions.OrderBy(a => a.Item, StringComparer.Ordinal).Select(a => a.Score)];
        }
    }

    [Fact]
    public void The_report_says_which_prompts_null_queries_have()
    {
        for (var i = 0; i < 3; i++)
            _folder.Write($"others/o{i}.png", TestPictures.Png(20 + i, 8, 8));
        _folder.Write("others/o0.png", TextFiles.With(_folder["others/o0.png"], WebUi));
        _folder.Write("others/o1.txt", "a caption");
        var audit = Audit() with { NullQueries = "others" };

        var limits = audit.Report().Limits;

        const string Prompts =
            "The null queries of 'others' were looked at under prompts of their own: captions (1), what the picture "
            + "states (1), the empty prompt (1, first 'o2.png')";
        Assert.Contains($"{Prompts}.", limits);
        Assert.Contains(
            "The prompt of 'o0.png' weighs words by brackets; the model was given the words alone, without weights.",
            limits
        );
        Assert.Contains(
            Prompts + "; {prompt} is that of the audited pictures alone.",
            (audit with { Prompt = "a cat" }).Report().Limits
        );
    }

    [Fact]
    public void Hashes_of_files_are_those_of_the_beginning_of_an_audit_of_several_pictures()
    {
        _folder.Write("second.png", TestPictures.Png(8, 8, 8));
        WriteQuery("a red cat\nSteps: 20, Seed: 5, Model hash: 0123456789, Model: model");
        _folder.Write(
            "second.png",
            TextFiles.With(_folder["second.png"], "a dog\nSteps: 2, Seed: 5, Model hash: 0123456789")
        );
        var lora = _folder.Write("style.safetensors", "weights");
        var audit = Audit() with
        {
            Images = ["query.png", "second.png"],
            Loras = [new("style.safetensors")],
            Adapter = new TinyAdapter(_ => new CaptionModel { Files = [lora] }),
        };
        var reports = new List<AuditReport>();
        foreach (var stored in audit.Start(null, TestContext.Current.CancellationToken))
        {
            reports.Add(stored.Report);
            _folder.Write("style.safetensors", "other weights");
        }

        Assert.Equal(reports[0].Model.With!.Loras![0].Sha256, reports[1].Model.With!.Loras![0].Sha256);
        Assert.Equal(Claim(reports[0]), Claim(reports[1]));

        static string Claim(AuditReport report) =>
            report.Limits.Single(limit => limit.Contains("of the hash 0123456789", StringComparison.Ordinal));
    }

    [Fact]
    public void The_report_says_how_other_sizes_were_resized()
    {
        _folder.Write("set/p0.png", TestPictures.Png(30, 16, 8));
        var crop = Audit().Report();
        Assert.Equal("crop", crop.Dataset.Resize);
        Assert.Contains(
            "1 of 4 training pictures was not 8×8 and was made so (crop); trainers that cut pictures at random, "
                + "or sort them by their proportions, showed the model other parts of them.",
            crop.Limits
        );
        var squash = (Audit() with { DatasetOptions = new() { Resize = ResizeMode.Squash } }).Report();
        Assert.Equal("squash", squash.Dataset.Resize);
        Assert.NotEqual(Scores(crop), Scores(squash));
    }

    [Fact]
    public void A_model_that_takes_no_captions_is_not_bothered_with_any()
    {
        File.Delete(_folder["set/p2.txt"]);
        WriteQuery(WebUi);
        var report = new TestAudit(_folder).Report();
        Assert.Null(report.Query.Prompt);
        Assert.Null(report.Dataset.Captions);
        Assert.Null(report.Dataset.Resize);
        Assert.Equal(
            "The model 'model' takes no captions, so there is nothing that a prompt could change; leave out {prompt} "
                + "and {negative-prompt}.",
            (new TestAudit(_folder) { Prompt = "a cat" }).Refusal()
        );
        Assert.DoesNotContain(report.Limits, limit => limit.Contains("caption", StringComparison.Ordinal));
        Assert.Equal(
            "squash",
            (new TestAudit(_folder) { DatasetOptions = new() { Resize = ResizeMode.Squash } }).Report().Dataset.Resize
        );
    }

    // The same pixels with texts beside them.
    private void WriteQuery(string parameters) =>
        _folder.Write("query.png", TextFiles.With(_folder["query.png"], parameters));
}
