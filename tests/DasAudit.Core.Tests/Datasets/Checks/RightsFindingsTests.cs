using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;

namespace DasAudit.Core.Tests.Datasets.Checks;

/// <summary>What <c>dataset check</c> finds in licences of the whole, in picture files, and of their use.</summary>
public sealed class RightsFindingsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 8, 0, 0, 250, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_card_against_the_metadata_names_both_places()
    {
        Write(TestPictures.Png(1), "Ann", "CC0-1.0");
        _folder.Write("README.md", "---\nlicense: cc-by-4.0\n---\n");
        var group = Only("contradictory-dataset-license", Severity.Warning);
        Assert.Equal(["a.png"], group.Pictures);
        Assert.Equal("README.md, line 2: 'cc-by-4.0'; metadata.csv, line 2, license: 'CC0-1.0'", group.Detail);
        Assert.Equal(["README.md, line 2", "metadata.csv, line 2, license"], group.Places);
    }

    [Theory]
    [InlineData("README.md", "---\nlicense: [mit, cc0-1.0]\n---\n")]
    [InlineData("README.md", "---\nlicense: my-own\n---\n")]
    [InlineData(
        "datapackage.json",
        """{"licenses": [{"path": "https://creativecommons.org/publicdomain/zero/1.0/"}]}"""
    )]
    public void A_card_that_allows_it_or_is_not_known_contradicts_nothing(string file, string text)
    {
        Write(TestPictures.Png(1), "Ann", "CC0-1.0");
        _folder.Write(file, text);
        Assert.Empty(Check());
    }

    [Fact]
    public void A_licence_for_software_is_perhaps_about_code_alone()
    {
        Write(TestPictures.Png(1), "Ann", "CC0-1.0");
        _folder.Write("package.json", """{"license": "MIT"}""");
        Only("contradictory-package-license", Severity.Information);
        _folder.Write("package.json", """{"license": "CC-BY-4.0"}""");
        Only("contradictory-dataset-license", Severity.Warning);
    }

    [Fact]
    public void Where_pictures_state_no_licence_the_card_s_is_named()
    {
        Write(TestPictures.Png(1), "Ann", "");
        _folder.Write("README.md", "---\nlicense: mit\n---\n");
        Assert.Equal(
            "README.md, line 2, states mit for the whole dataset",
            Only("no-license", Severity.Warning).Detail
        );
    }

    [Theory]
    [InlineData("https://creativecommons.org/licenses/by-nc/4.0/")]
    [InlineData("CC BY-NC 4.0")]
    [InlineData("All rights reserved.")]
    public void A_file_that_states_another_licence_is_named_with_the_field(string terms)
    {
        Write(Xmp(MarkedPictures.Localized("xmpRights:UsageTerms", terms)), "Ann", "CC-BY-4.0");
        var group = Only("contradictory-file-license", Severity.Warning);
        Assert.Equal(["metadata.csv, line 2, license", "a.png, XMP xmpRights:UsageTerms"], group.Places);
        Assert.Contains($"'{terms}'", group.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_names_another_holder_is_named_with_the_field()
    {
        Write(MarkedPictures.Jpeg(1, MarkedPictures.ExifSegment("© 2020 Bob Inc.")), "Ann", "MIT");
        var group = Only("contradictory-file-holder", Severity.Warning);
        Assert.Equal(
            "metadata.csv, line 2, rights_holder: 'Ann'; a.png, EXIF Copyright: '© 2020 Bob Inc.'",
            group.Detail
        );
    }

    [Theory]
    [InlineData("© 2020 ANN", "Ann")]
    [InlineData("Copyright Ann Lee, all rights reserved", "Bob; Ann Lee")]
    [InlineData("(c) 2020", "Ann")]
    [InlineData("Ann", "Ann Ltd")]
    [InlineData("Licensed to all by Bob", "Ann")]
    public void Notices_that_agree_or_name_nobody_are_no_finding(string notice, string holder)
    {
        Write(MarkedPictures.Jpeg(1, MarkedPictures.ExifSegment(notice)), holder, "LicenseRef-Own");
        Assert.DoesNotContain(Check(), finding => finding.Kind == "contradictory-file-holder");
    }

    [Fact]
    public void What_the_file_states_and_the_metadata_do_not_is_named()
    {
        var properties =
            MarkedPictures.Localized("dc:rights", "© Ann")
            + "<cc:license rdf:resource='https://creativecommons.org/licenses/by/4.0/'/>";
        Write(Xmp(properties), "", "");
        var findings = Check();
        Assert.Equal(
            ["no-rights-holder", "no-license", "unstated-license", "unstated-holder"],
            findings.Select(finding => finding.Kind)
        );
        Assert.Equal(
            "metadata.csv, line 2, states no rights_holder; a.png, XMP dc:rights: '© Ann'",
            Assert.Single(findings[3].Groups).Detail
        );
        File.Delete(_folder["metadata.csv"]);
        Assert.Equal(
            "no metadata state a license; a.png, XMP cc:license: 'https://creativecommons.org/licenses/by/4.0/'",
            Check().Single(finding => finding.Kind == "unstated-license").Groups[0].Detail
        );
    }

    [Fact]
    public void Signals_are_told_with_where_and_when_they_were_read()
    {
        Write(Xmp("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>"), "Ann", "MIT");
        var group = Only("opt-out", Severity.Warning);
        Assert.Equal("XMP plus:DataMining: 'DMI-PROHIBITED': mining and training are prohibited", group.Detail);
        Assert.Equal(("XMP plus:DataMining", Now.AddMilliseconds(-250)), (group.Signal!.Place, group.Signal.ReadUtc));
    }

    [Fact]
    public void Pictures_of_one_signal_are_one_case()
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write(
            "b.jpg",
            MarkedPictures.Jpeg(
                2,
                ManifestStores.Segments(
                    ManifestStores.Store("c2pa.training-mining", ("c2pa.ai_training", "allowed", null))
                )
            )
        );
        _folder.Write("metadata.csv", "file_name,rights_holder,license\na.png,Ann,MIT\nb.jpg,Ann,MIT\n");
        _folder.Write("robots.txt", "Content-Usage: train-ai=n\n");
        _folder.Write("ai.txt", "Training: ask\n");
        var findings = Check();
        Assert.Equal(["opt-out", "use-conditions", "use-statement"], findings.Select(finding => finding.Kind));
        Assert.Equal(["a.png", "b.jpg"], Assert.Single(findings[0].Groups).Pictures);
        Assert.Equal(["b.jpg"], Assert.Single(findings[2].Groups).Pictures);
        Assert.NotNull(findings[2].Groups[0].Signal!.Checked);
    }

    [Fact]
    public void Damage_is_told_and_nothing_else_is_lost()
    {
        byte[] cut = [.. MarkedPictures.Big32(99), .. "jumb"u8];
        Write(
            MarkedPictures.Png(
                1,
                MarkedPictures.Chunk("caBX", cut),
                MarkedPictures.XmpChunk("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>")
            ),
            "Ann",
            "MIT"
        );
        Assert.Equal(["opt-out", "unread-statements"], Check().Select(finding => finding.Kind));
    }

    [Fact]
    public void A_picture_outside_the_dataset_is_not_opened_for_what_it_says()
    {
        _folder.Write("outside/b.png", Xmp("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>"));
        _folder.Write("data/a.png", TestPictures.Png(1));
        File.CreateSymbolicLink(_folder.At("data/b.png"), "../outside/b.png");
        _folder.Write("data/metadata.csv", "file_name,rights_holder,license\na.png,Ann,MIT\nb.png,Ann,MIT\n");
        var group = Only("unread-statements", Severity.Warning, _folder["data"]);
        Assert.Equal(["b.png"], group.Pictures);
        Assert.StartsWith("It lies outside the dataset folder", group.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_within_the_dataset_is_followed()
    {
        Write(Xmp("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>"), "Ann", "MIT");
        Directory.CreateDirectory(_folder["sub"]);
        File.CreateSymbolicLink(_folder.At("sub/b.png"), "../a.png");
        Assert.Equal(2, Check().Single(finding => finding.Kind == "opt-out").Pictures);
    }

    [Fact]
    public void Pictures_in_a_zip_file_are_read_too()
    {
        _folder.Write("pictures/a.png", Xmp("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>"));
        System.IO.Compression.ZipFile.CreateFromDirectory(_folder["pictures"], _folder.At("data/set.zip"));
        Assert.Equal(
            ["set.zip#a.png"],
            Check(_folder["data"]).Single(finding => finding.Kind == "opt-out").Groups[0].Pictures
        );
    }

    [Fact]
    public void An_index_knows_which_files_say_nothing()
    {
        Write(Xmp("<plus:DataMining>DMI-PROHIBITED</plus:DataMining>"), "Ann", "MIT");
        _folder.Write("sub/b.png", TestPictures.Png(2));
        var later = new ShiftedTime(TimeSpan.FromHours(1));
        var options = new TrainingSetOptions { Indexes = new(_folder.At("indexes/x"), later) };
        Load(_folder.Path, options);
        var set = Load(_folder.Path, options);
        Assert.Equal((2, 0), (set.Hashes!.FromIndex, set.Hashes.FromFiles));
        Assert.Equal([true, false], set.Items.Select(item => item.MayState!.Value));
    }

    private static byte[] Xmp(string properties) => MarkedPictures.Png(1, MarkedPictures.XmpChunk(properties));

    // Readers know a file by its bytes, whatever it is called.
    private void Write(byte[] picture, string holder, string license)
    {
        _folder.Write("a.png", picture);
        _folder.Write("metadata.csv", $"file_name,rights_holder,license\na.png,{holder},{license}\n");
    }

    private FindingGroup Only(string kind, Severity severity, string? folder = null)
    {
        var finding = Assert.Single(Check(folder));
        Assert.Equal((kind, severity), (finding.Kind, finding.Severity));
        return Assert.Single(finding.Groups);
    }

    private IReadOnlyList<Finding> Check(string? folder = null) =>
        DatasetCheck.Run(Load(folder ?? _folder.Path, new()), new StoppedTime());

    private static TrainingSet Load(string folder, TrainingSetOptions options) =>
        TrainingSetLoader.Load(folder, options, null, TestContext.Current.CancellationToken);

    private sealed class StoppedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
