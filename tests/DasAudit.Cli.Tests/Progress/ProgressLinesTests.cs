using DasAudit.Cli.Progress;
using DasAudit.Core.Files;
using Microsoft.Extensions.Time.Testing;

namespace DasAudit.Cli.Tests.Progress;

public sealed class ProgressLinesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _writer = new() { NewLine = "\n" };

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void A_stage_gets_a_line_every_ten_seconds_and_one_at_its_end()
    {
        using var lines = new ProgressLines(_writer, _time);
        for (var done = 0; done <= 250; done++)
        {
            lines.Report(new("gradients", done, 250));
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }
        Assert.Equal(
            """
            gradients: 100 of 250 (10.0/s, 15 s left)
            gradients: 200 of 250 (10.0/s, 5.0 s left)
            gradients: 250 of 250 (25 s)

            """,
            _writer.ToString()
        );
    }

    [Fact]
    public void A_short_stage_gets_one_line()
    {
        using var lines = new ProgressLines(_writer, _time);
        lines.Report(new("hashing pictures", 0, 330));
        _time.Advance(TimeSpan.FromSeconds(1.5));
        lines.Report(new("hashing pictures", 330, 330));
        lines.Report(new("hashing pictures", 330, 330));
        Assert.Equal("hashing pictures: 330 of 330 (1.5 s)\n", _writer.ToString());
    }

    [Fact]
    public void A_resumed_stage_reckons_only_with_what_it_did_itself()
    {
        using var lines = new ProgressLines(_writer, _time);
        lines.Report(new("training", 8000, 10000, "loss 0.1234"));
        _time.Advance(TimeSpan.FromSeconds(10));
        lines.Report(new("training", 8100, 10000, "loss 0.1200"));
        Assert.Equal("training: 8100 of 10000 (10.0/s, 3 min 10 s left, loss 0.1200)\n", _writer.ToString());
    }

    [Fact]
    public void A_stage_of_unknown_length_says_at_the_end_how_far_it_came()
    {
        using (var lines = new ProgressLines(_writer, _time))
        {
            lines.Report(new("reading", 0, 0));
            _time.Advance(TimeSpan.FromSeconds(4));
            lines.Report(new("reading", 2, 0));
        }
        Assert.Equal("reading: 2 (30.0/min)\n", _writer.ToString());
    }

    [Fact]
    public void A_stage_may_begin_anew()
    {
        using var lines = new ProgressLines(_writer, _time);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            lines.Report(new("scores", 0, 4));
            _time.Advance(TimeSpan.FromSeconds(2));
            lines.Report(new("scores", 4, 4));
        }
        Assert.Equal("scores: 4 of 4 (2.0 s)\nscores: 4 of 4 (2.0 s)\n", _writer.ToString());
    }

    [Fact]
    public void Many_threads_may_report()
    {
        using var lines = new ProgressLines(_writer, _time);
        var done = 0L;
        Parallel.For(0, 1000, _ => lines.Report(new StageProgress("work", Interlocked.Increment(ref done), 1000)));
        Assert.Equal("work: 1000 of 1000 (0.0 s)\n", _writer.ToString());
    }
}
