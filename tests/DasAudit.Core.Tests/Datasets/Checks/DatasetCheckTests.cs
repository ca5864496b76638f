using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;
using DasAudit.Core.Pictures;

namespace DasAudit.Core.Tests.Datasets.Checks;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_dataset_whose_pictures_differ_and_state_their_rights_is_in_order()
    {
        WriteTwo("CC-BY-4.0", "CC0-1.0");
        Assert.Empty(Check());
    }

    [Fact]
    public void Copies_with_different_rights_are_an_error()
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write("b.png", TestPictures.Png(1));
        _folder.Write("metadata.csv", "file_name,rights_holder,license\na.png,Ann,MIT\nb.png,Bob,mit\n");
        var findings = Check();
        Assert.Equal(["contradictory-copies", "copies"], findings.Select(finding => finding.Kind));
        Assert.Equal(Severity.Error, findings[0].Severity);
        var group = Assert.Single(findings[0].Groups);
        Assert.Equal(["a.png", "b.png"], group.Pictures);
        Assert.Equal("rights holders: Ann, Bob", group.Detail);
        Assert.Equal(Severity.Information, findings[1].Severity);
    }

    [Fact]
    public void A_copy_that_states_nothing_contradicts_nobody()
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write("b.png", TestPictures.Png(1));
        _folder.Write("metadata.csv", "file_name,rights_holder,license\na.png,Ann,MIT\nb.png,,\n");
        Assert.Equal(["no-rights-holder", "no-license", "copies"], Check().Select(finding => finding.Kind));
    }

    [Fact]
    public void Pictures_that_look_alike_are_compared_too()
    {
        var picture = Gradient();
        _folder.Write("a.png", PictureWriter.Png(picture));
        _folder.Write("b.png", PictureWriter.Png(picture with { Rgb = [.. picture.Rgb.Select(v => (byte)(v | 1))] }));
        _folder.Write("metadata.csv", "file_name,rights_holder,license\na.png,Ann,MIT\nb.png,Ann,CC0-1.0\n");
        var findings = Check();
        Assert.Equal(["contradictory-similar", "similar"], findings.Select(finding => finding.Kind));
        Assert.Equal((Severity.Warning, 2), (findings[0].Severity, findings[0].Pictures));
        Assert.Equal("licences: CC0-1.0, MIT", findings[0].Groups[0].Detail);
    }

    [Fact]
    public void Rights_that_are_missing_are_told_by_right()
    {
        WriteTwo("MIT", "");
        Assert.Equal(["b.png"], Assert.Single(Only("no-license")).Pictures);
        _folder.Write("metadata.csv", "file_name,rights_holder,license\na.png,,MIT\nb.png,Bob,MIT\n");
        Assert.Equal(["a.png"], Assert.Single(Only("no-rights-holder")).Pictures);
    }

    [Fact]
    public void Without_metadata_all_rights_are_missing_and_nothing_is_unlisted()
    {
        WriteTwo("MIT", "MIT");
        File.Delete(_folder["metadata.csv"]);
        var findings = Check();
        Assert.Equal(["no-rights-holder", "no-license"], findings.Select(finding => finding.Kind));
        Assert.All(findings, finding => Assert.Equal(2, finding.Pictures));
    }

    [Fact]
    public void Pictures_that_the_metadata_pass_over_are_told_once()
    {
        WriteTwo("MIT", "MIT");
        _folder.Write("metadata.csv", "file_name,rights_holder,license\na.png,Ann,MIT\n");
        Assert.Equal(["b.png"], Assert.Single(Only("unlisted")).Pictures);
    }

    [Fact]
    public void Licences_are_told_by_text_with_what_they_may_mean()
    {
        WriteTwo("CC BY 4.0", "my own");
        var groups = Only("unknown-license");
        Assert.Equal(
            ["'CC BY 4.0': write CC-BY-4.0", "'my own': character 4: AND, OR or WITH is missing"],
            groups.Select(group => group.Detail)
        );
        Assert.Equal(
            [
                ["a.png"],
                ["b.png"],
            ],
            groups.Select(group => group.Pictures)
        );
    }

    [Fact]
    public void Files_that_cannot_be_read_are_errors_with_the_reason()
    {
        WriteTwo("MIT", "MIT");
        _folder.Write("c.png", "text");
        var group = Assert.Single(Only("unreadable"));
        Assert.Equal(["c.png"], group.Pictures);
        Assert.Contains("'c.png' is no ", group.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_licence_of_the_folder_is_mentioned()
    {
        WriteTwo("MIT", "MIT");
        _folder.Write("LICENSE.txt", "Apache");
        _folder.Write("LICENSES/MIT.txt", "MIT");
        Assert.Equal(["LICENSE.txt"], Assert.Single(Only("license-file")).Pictures);
    }

    private void WriteTwo(string first, string second)
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write("b.png", PictureWriter.Png(Gradient()));
        _folder.Write("metadata.csv", $"file_name,rights_holder,license\na.png,Ann,{first}\nb.png,Bob,{second}\n");
    }

    private static Picture Gradient() =>
        new(32, 32, [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => (byte)(i / 3 % 32 * 6 + i / 96 % 7 * 4))]);

    private IReadOnlyList<FindingGroup> Only(string kind)
    {
        var finding = Assert.Single(Check());
        Assert.Equal(kind, finding.Kind);
        return finding.Groups;
    }

    private IReadOnlyList<Finding> Check() =>
        DatasetCheck.Run(
            TrainingSetLoader.Load(_folder.Path, new(), null, TestContext.Current.CancellationToken),
            TimeProvider.System
        );
}
