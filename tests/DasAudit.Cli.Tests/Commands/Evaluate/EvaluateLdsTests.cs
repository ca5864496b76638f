using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

/// <summary>What is refused; .ci/slurm runs the whole, and Core's tests hold the figures.</summary>
public sealed class EvaluateLdsTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("--model", "m", "--dataset", "d")]
    [InlineData("a.png", "--dataset", "d")]
    [InlineData("a.png", "--model", "m")]
    public async Task Without_a_preset_model_dataset_and_pictures_are_needed(params string[] args) =>
        await RefuseAsync(
            ExitCode.Usage,
            "Give --model, --dataset and pictures that the model generated, or --preset, which makes them.",
            args
        );

    [Theory]
    [InlineData("--model", "m")]
    [InlineData("a.png")]
    [InlineData("--held-out", "d")]
    public async Task Beside_a_preset_they_are_refused(params string[] args) =>
        await RefuseAsync(
            ExitCode.Usage,
            "--preset makes its own model, dataset and pictures; leave out --model, --dataset, --held-out and "
                + "pictures, or --preset.",
            ["--preset", "quick", .. args]
        );

    [Theory]
    [InlineData("--preset", "slow", "--preset takes quick, fashion, fashion:A,B with two different classes")]
    [InlineData("--preset", "fashion:3,3", "--preset takes quick, fashion, fashion:A,B with two different classes")]
    [InlineData("--shard", "3/2", "--shard takes I/N with I from 1 to N, such as 1/4, not '3/2'.")]
    [InlineData("--methods", "das,nothing", "'nothing' is no attribution method")]
    public async Task Values_that_cannot_be_are_refused(string option, string value, string sentence) =>
        await RefuseAsync(ExitCode.Usage, sentence, [option, value]);

    [Theory]
    [InlineData("study/preset.json", """{"preset":"shapes","seed":0}""", "is the study of --preset shapes --seed 0")]
    [InlineData("study/preset.json", """{"preset":"quick","seed":1}""", "is the study of --preset quick --seed 1")]
    [InlineData("study/dataset/a.png", "", "holds a dataset, and no preset.json says of which preset")]
    [InlineData("study/dataset/a.png", "", "give another folder with --study")]
    public async Task Another_preset_s_study_is_not_measured_as_this_one_s(string file, string content, string sentence)
    {
        _tool.Write(file, content);
        await RefuseAsync(ExitCode.Error, sentence, "--preset", "quick");
    }

    [Theory]
    [InlineData("--damping", "df:0.2", "No method that was asked for looks at --damping")]
    [InlineData("--class", "1", "The models of --preset know no classes; leave out --class.")]
    public async Task What_changes_nothing_is_refused_before_a_preset_is_made(
        string option,
        string value,
        string sentence
    )
    {
        await RefuseAsync(ExitCode.Usage, sentence, "--preset", "quick", "--methods", "random", option, value);
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, "study")));
    }

    [Fact]
    public async Task A_number_of_held_out_pictures_needs_them() =>
        await RefuseAsync(
            ExitCode.Usage,
            "--held-out-count is of the pictures of --held-out",
            ["a.png", "--model", "m", "--dataset", "d", "--held-out-count", "4"]
        );

    [Theory]
    [InlineData("--given-losses and --given-parts belong together", "--given-losses", "l.csv")]
    [InlineData("--given-losses and --given-parts belong together", "--given-parts", "p.csv")]
    [InlineData("leave out --subsets", "--given-losses", "l.csv", "--given-parts", "p.csv", "--subsets", "8")]
    [InlineData("leave out --shard", "--given-losses", "l.csv", "--given-parts", "p.csv", "--shard", "1/2")]
    public async Task Losses_from_elsewhere_need_their_parts_and_no_training(string sentence, params string[] args) =>
        await RefuseAsync(ExitCode.Usage, sentence, ["a.png", "--model", "m", "--dataset", "d", .. args]);

    [Fact]
    public async Task An_encoder_that_no_method_looks_at_is_refused() =>
        await RefuseAsync(
            ExitCode.Usage,
            "None of these methods looks at an encoder; name clip too, or leave out --encoder.",
            "a.png",
            "--model",
            "m",
            "--dataset",
            "d",
            "--encoder",
            "e"
        );

    [Fact]
    public async Task A_study_is_needed_where_models_are_trained_alone()
    {
        string[] subject = ["evaluate", "lds", "a.png", "--model", "m", "--dataset", "d"];

        var training = await _tool.RunAsync(subject);
        var given = await _tool.RunAsync([.. subject, "--given-losses", "l.csv", "--given-parts", "p.csv"]);

        Assert.Equal(ExitCode.Usage, training.ExitCode);
        Assert.Contains("Give --study, the folder where", training.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Error, given.ExitCode);
        Assert.Contains("There is no model at 'm'", given.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_pictures_of_a_preset_are_said_before_anything_is_made()
    {
        await RefuseAsync(ExitCode.Error, "'", ["--preset", "quick", "--fashion-mnist", "none"]);
        Assert.False(Directory.Exists(Path.Combine(_tool.WorkingDirectory, "study", "dataset")));
    }

    private async Task RefuseAsync(int exitCode, string sentence, params string[] args)
    {
        var outcome = await _tool.RunAsync(["evaluate", "lds", "--study", "study", .. args]);

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }
}
