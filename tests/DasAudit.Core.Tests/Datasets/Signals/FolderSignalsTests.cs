using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Signals;
using DasAudit.Core.Pictures.Statements;

namespace DasAudit.Core.Tests.Datasets.Signals;

public sealed class FolderSignalsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public FolderSignalsTests()
    {
        _folder.Write("data/a.png", TestPictures.Png(1));
        _folder.Write("data/sub/b.png", TestPictures.Png(2));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Content-Usage: train-ai=n", SignalStance.OptOut, "training AI is refused")]
    [InlineData(
        " content-usage :train-ai=y, search=n # x",
        SignalStance.Allowed,
        "training AI is allowed; search is refused"
    )]
    [InlineData(
        "Content-Signal: search=yes,ai-train=no",
        SignalStance.OptOut,
        "search is allowed; training AI is refused"
    )]
    [InlineData("Content-Usage: search=n", SignalStance.Silent, "search is refused")]
    [InlineData("Content-Usage: train-ai=maybe", SignalStance.Silent, "'train-ai=maybe' is not known to this program")]
    [InlineData("User-agent: *\nContent-Usage: / train-ai=n", SignalStance.OptOut, "training AI is refused")]
    [InlineData(
        "User-agent: Bot\nUser-agent: Other\nContent-Usage: train-ai=n",
        SignalStance.OptOut,
        "for the crawler Bot, Other: training AI is refused"
    )]
    public void Lines_of_robots_txt_are_read(string text, SignalStance stance, string says)
    {
        _folder.Write("data/robots.txt", text);
        var signal = Assert.Single(Of("a.png"));
        Assert.Equal((stance, says), (signal.Stance, signal.Says));
        Assert.Equal($"robots.txt, line {text.Count(letter => letter == '\n') + 1}", signal.Place);
    }

    [Theory]
    [InlineData("User-agent: *\nDisallow: /\nSitemap: x")]
    [InlineData("# Content-Usage: train-ai=n")]
    [InlineData("Content-Usage: /other/ train-ai=n")]
    [InlineData("\0\0\0")]
    public void Other_lines_say_nothing_on_training(string text)
    {
        _folder.Write("data/robots.txt", text);
        Assert.Empty(Of("a.png"));
    }

    [Fact]
    public void The_longest_path_counts_and_equal_ones_count_all()
    {
        _folder.Write(
            "data/robots.txt",
            "Content-Usage: train-ai=n\nContent-Usage: /sub/ train-ai=y\nContent-Usage: /sub/ train-genai=n\n"
        );
        Assert.Equal([SignalStance.OptOut], Of("a.png").Select(signal => signal.Stance));
        Assert.Equal(["robots.txt, line 2", "robots.txt, line 3"], Of("sub/b.png").Select(signal => signal.Place));
    }

    [Theory]
    [InlineData("User-Agent: *\nDisallow: *.png\nAllow: *.jpg", SignalStance.OptOut, "Disallow: *.png")]
    [InlineData("Disallow: /\nAllow: /a.png", SignalStance.Allowed, "Allow: /a.png")]
    [InlineData("Training: deny", SignalStance.OptOut, "Training: deny")]
    [InlineData("Training: conditional", SignalStance.Conditions, "Training: conditional")]
    [InlineData("Content-Usage: train-ai=n", SignalStance.OptOut, "train-ai=n")]
    public void Lines_of_ai_txt_are_read(string text, SignalStance stance, string value)
    {
        _folder.Write("data/ai.txt", text);
        var signal = Assert.Single(Of("a.png"));
        Assert.Equal((stance, value), (signal.Stance, signal.Value));
    }

    [Theory]
    [InlineData("tdmrep.json")]
    [InlineData(".well-known/tdmrep.json")]
    public void The_first_entry_of_tdmrep_that_fits_counts(string file)
    {
        _folder.Write(
            $"data/{file}",
            """
            [{"location": "/sub/*", "tdm-reservation": 0},
             {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://x.example/p.json"}]
            """
        );
        var signal = Assert.Single(Of("a.png"));
        Assert.Equal((SignalStance.OptOut, $"{file}, entry 2", "1"), (signal.Stance, signal.Place, signal.Value));
        Assert.Contains("https://x.example/p.json says how they may be had", signal.Says, StringComparison.Ordinal);
        Assert.Equal([SignalStance.Allowed], Of("sub/b.png").Select(found => found.Stance));
    }

    [Fact]
    public void A_folder_speaks_for_what_is_in_it_alone()
    {
        _folder.Write("data/sub/robots.txt", "Content-Usage: /b train-ai=n");
        Assert.Empty(Of("a.png"));
        Assert.Equal(["sub/robots.txt, line 1"], Of("sub/b.png").Select(signal => signal.Place));
    }

    [Theory]
    [InlineData("{", "It is no JSON")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "It is no JSON")]
    public void A_damaged_file_is_one_problem(string text, string problem)
    {
        _folder.Write("data/tdmrep.json", text);
        _folder.Write("data/robots.txt", "Content-Usage: train-ai=n");
        var signals = Signals();
        Assert.Single(signals.Of("a.png"));
        var found = Assert.Single(signals.Problems);
        Assert.Equal("tdmrep.json", found.Path);
        Assert.StartsWith(problem, found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_pipes_and_huge_files_are_not_opened()
    {
        _folder.Write("outside/robots.txt", "Content-Usage: train-ai=n");
        File.CreateSymbolicLink(_folder.At("data/robots.txt"), "../outside/robots.txt");
        Directory.CreateSymbolicLink(_folder.At("data/.well-known"), "../outside");
        _folder.Write("outside/tdmrep.json", """{"tdm-reservation": 1}""");
        using (var huge = File.OpenWrite(_folder["data/ai.txt"]))
            huge.SetLength(1L << 33);
        using var pipe = System.Diagnostics.Process.Start("mkfifo", _folder["data/tdmrep.json"]);
        pipe.WaitForExit();
        var signals = Signals();
        Assert.Empty(signals.Of("a.png"));
        Assert.Equal(
            ["robots.txt", "ai.txt", ".well-known/tdmrep.json", "tdmrep.json"],
            signals.Problems.Select(problem => problem.Path)
        );
    }

    [Fact]
    public void Files_beside_a_tar_file_speak_for_what_is_in_it()
    {
        File.Delete(_folder["data/a.png"]);
        Directory.Delete(_folder["data/sub"], recursive: true);
        System.Formats.Tar.TarFile.CreateFromDirectory(
            Pictures(),
            _folder["data/set.tar"],
            includeBaseDirectory: false
        );
        _folder.Write("data/robots.txt", "Content-Usage: /set.tar/c.png train-ai=n");
        Assert.Single(Of("set.tar#c.png"));

        string Pictures()
        {
            _folder.Write("packed/c.png", TestPictures.Png(3));
            return _folder["packed"];
        }
    }

    private List<UseSignal> Of(string path) => [.. Signals().Of(path)];

    private FolderSignals Signals() =>
        new(TrainingSetLoader.Load(_folder["data"], new(), null, TestContext.Current.CancellationToken));
}
