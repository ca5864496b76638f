using System.Globalization;
using DasAudit.Core.Reports;
using DasAudit.Core.Tests.Audits;
using Parquet;

namespace DasAudit.Core.Tests.Reports;

/// <summary>All scores of two pictures by two methods of four training pictures and a decoy.</summary>
public sealed class ScoreFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ScoreFileTests()
    {
        _folder.WritePictures("set", 0, 4);
        _folder.WritePictures("unseen", 30, 1);
        _folder.Write(
            "set/metadata.csv",
            "file_name,rights_holder\np0.png,\"A, \"\"B\"\"\"\np1.png,C\np2.png,\np3.png,C\n"
        );
        _folder.Write("a.png", TestPictures.Png(2, 8, 8));
        _folder.Write("b.png", TestPictures.Png(9, 8, 8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_holder_that_a_spreadsheet_would_run_is_made_harmless()
    {
        _folder.Write("set/metadata.csv", "file_name,rights_holder\np0.png,=1+1\n");
        new ScoreFile(_folder["scores.csv"], 2).Write(Run().Select(report => report.Scores!));

        Assert.Contains(",'=1+1,dataset,das,", File.ReadAllText(_folder["scores.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_for_each_query_method_and_picture_in_csv()
    {
        var stored = Run();
        new ScoreFile(_folder["scores.csv"], 2).Write(stored.Select(report => report.Scores!));
        var lines = File.ReadAllLines(_folder["scores.csv"]);
        Assert.Equal(1 + (2 * 2 * 5), lines.Length);
        Assert.Equal(
            "query,query_pixel_sha256,picture,pixel_sha256,rights_holder,set,method,score,standard_error,replicate_1,"
                + "replicate_2",
            lines[0]
        );
        Assert.Contains(",\"A, \"\"B\"\"\",dataset,das,", lines[1], StringComparison.Ordinal);
        // Pixels are compared once.
        Assert.EndsWith(",", lines[^1], StringComparison.Ordinal);
        Assert.Contains(",decoys,pixel,", lines[^1], StringComparison.Ordinal);

        var report = stored[1].Report;
        foreach (var listed in report.Attributions)
        {
            var cells = lines
                .Single(line =>
                    line.StartsWith(
                        $"b.png,{report.Query.PixelSha256},{listed.Item},{listed.PixelSha256},",
                        StringComparison.Ordinal
                    ) && line.Contains(",dataset,das,", StringComparison.Ordinal)
                )
                .Split(',');
            double[] numbers = [.. cells[^4..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal((listed.Score, listed.StandardError), (numbers[0], numbers[1]));
            Assert.Equal(numbers[0], (numbers[2] + numbers[3]) / 2);
        }
    }

    [Fact]
    public async Task The_same_rows_in_parquet()
    {
        var scores = Run().Select(report => report.Scores!).ToList();
        new ScoreFile(_folder["scores.parquet"], 2).Write(scores);
        using var file = File.OpenRead(_folder["scores.parquet"]);
        await using var reader = await ParquetReader.CreateAsync(
            file,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(4, reader.RowGroupCount);
        Assert.Equal(
            [.. ScoreColumns.Texts, .. ScoreColumns.Numbers(2)],
            reader.Schema.Fields.Select(field => field.Name)
        );
        using var group = reader.OpenRowGroupReader(0);
        Assert.Equal(5, group.RowCount);
    }

    [Fact]
    public void An_audit_that_stops_leaves_no_file()
    {
        Assert.Throws<InvalidOperationException>(() => new ScoreFile(_folder["scores.csv"], 1).Write(Broken()));
        Assert.Empty(Directory.GetFiles(_folder.Path, "scores*"));

        static IEnumerable<AuditScores> Broken()
        {
            yield return new("q", "h", [], []);
            throw new InvalidOperationException();
        }
    }

    private IReadOnlyList<StoredReport> Run() =>
        (TestAudit.Of(_folder, "das", "pixel") with { Images = ["a.png", "b.png"], Decoys = "unseen" }).Run();
}
