using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;
using DasAudit.Core.Datasets.Checks;

namespace DasAudit.Core.Tests.Datasets;

public sealed class CaptionTests : IDisposable
{
    private static readonly TrainingSetOptions Needed = With(new() { Needed = true });

    private readonly TempFolder _folder = new();

    public CaptionTests()
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write("b.png", TestPictures.Png(2));
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingSetOptions With(CaptionOptions captions) => new() { Captions = captions };

    private TrainingSet Load(TrainingSetOptions? options = null) =>
        TrainingSetLoader.Load(
            _folder.Path,
            (options ?? new()) with
            {
                ShownAs = "pictures",
            },
            null,
            TestContext.Current.CancellationToken
        );

    private IEnumerable<string?> Captions(TrainingSetOptions? options = null) =>
        Load(options).Items.Select(item => item.Caption);

    private string Refusal(TrainingSetOptions? options = null) =>
        Assert.Throws<AuditException>(() => Load(options)).Message;

    [Fact]
    public void A_text_file_beside_a_picture_states_its_caption()
    {
        _folder.Write("a.txt", "\ufeffa cat, café \r\n");
        _folder.Write("b.caption", "a dog");
        _folder.Write("c.txt", "of no picture");

        var set = Load();

        Assert.Equal(["a cat, café", "a dog"], set.Items.Select(item => item.Caption));
        Assert.Equal(
            [CaptionSource.TextFile, CaptionSource.CaptionFile],
            set.Items.Select(item => item.Metadata.CaptionSource!.Value)
        );
        Assert.Equal(
            [
                "1 picture has the caption that a .caption file beside the picture holds, first 'b.png'.",
                "1 picture has the caption that a .txt file beside the picture holds, first 'a.png'.",
            ],
            set.Captions.Notes
        );
        Assert.Empty(set.Notes);
    }

    [Fact]
    public void Metadata_hold_before_files_and_a_contradiction_is_counted()
    {
        _folder.Write("metadata.jsonl", """{"file_name": "a.png", "caption": "stated"}""");
        _folder.Write("a.txt", "in a file");
        _folder.Write("b.txt", "in a file");

        var set = Load();

        Assert.Equal(["stated", "in a file"], set.Items.Select(item => item.Caption));
        Assert.Contains(
            "1 picture has several captions that differ, first 'a.png'; what stands first of metadata, .caption files, "
                + ".txt files was taken; {caption-source} takes one of them alone.",
            set.Captions.Notes
        );
        Assert.Equal(["in a file", "in a file"], Captions(With(new() { Source = CaptionSource.TextFile })));
        Assert.Equal(["stated", null], Captions(With(new() { Source = CaptionSource.Metadata })));
    }

    [Fact]
    public void Equal_captions_do_not_contradict_each_other()
    {
        _folder.Write("a.txt", "a cat");
        _folder.Write("a.caption", "a cat");
        Assert.DoesNotContain(Load().Captions.Notes, note => note.Contains("differ", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_several_lines_the_first_with_text_is_taken_and_said()
    {
        _folder.Write("a.txt", "\n  \na cat\nanother\n");
        var set = Load();
        Assert.Equal("a cat", set.Items[0].Caption);
        Assert.StartsWith(
            "1 picture has a caption file with several lines",
            set.Captions.Notes[1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_empty_file_is_the_empty_caption()
    {
        _folder.Write("a.txt", "\n");
        _folder.Write("b.txt", "a dog");
        var set = Load(Needed);
        Assert.Equal(["", "a dog"], set.Items.Select(item => item.Caption));
        Assert.Contains(
            set.Captions.Notes,
            note => note.StartsWith("1 picture has an empty caption file", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(new byte[] { (byte)'c', (byte)'a', (byte)'f', 0xe9 }, "is no UTF-8 text; save it as UTF-8.")]
    [InlineData(new byte[] { (byte)'c', 0, (byte)'a', 0 }, "is no UTF-8 text; save it as UTF-8.")]
    public void Bytes_that_are_no_text_are_refused_where_captions_are_needed(byte[] bytes, string end)
    {
        _folder.Write("a.txt", bytes);
        _folder.Write("b.txt", "a dog");
        Assert.Equal($"The caption file 'a.txt' {end}", Refusal(Needed));
        var set = Load();
        Assert.Null(set.Items[0].Caption);
        Assert.Equal("a.png", Assert.Single(set.Captions.Unreadable).Picture);
        Assert.Contains(DatasetCheck.Run(set, TimeProvider.System), finding => finding.Kind == "unreadable-caption");
    }

    [Fact]
    public void Utf_16_is_read_by_its_mark()
    {
        _folder.Write("a.txt", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("a cat")]);
        Assert.Equal("a cat", Load().Items[0].Caption);
    }

    [Fact]
    public void A_caption_file_of_a_novel_is_refused()
    {
        _folder.Write("a.txt", new string('a', (1 << 16) + 1));
        _folder.Write("b.txt", "a dog");
        Assert.Equal(
            "The caption file 'a.txt' holds 65537 bytes, too many for a caption; shorten it to at most 65536.",
            Refusal(Needed)
        );
    }

    [Fact]
    public void A_broken_file_does_not_matter_where_metadata_hold()
    {
        _folder.Write("metadata.csv", "file_name,caption\na.png,a cat\nb.png,a dog\n");
        _folder.Write("a.txt", [0xe9]);
        Assert.Equal(["a cat", "a dog"], Captions(Needed));
    }

    [Fact]
    public void Some_missing_captions_are_refused_before_a_picture_is_read()
    {
        _folder.Write("a.txt", "a cat");
        _folder.Write("0.png", "no picture at all");
        Assert.Equal(
            "2 of 3 pictures of 'pictures' have no caption, first '0.png', and the model takes captions; give them the "
                + "captions that they were trained with, or {missing-captions} empty if they had none.",
            Refusal(Needed with { Strict = true })
        );
        Assert.Equal(["a cat", null], Captions());
    }

    [Fact]
    public void A_set_that_was_read_without_need_is_checked_when_the_need_is_known()
    {
        _folder.Write("a.txt", "a cat");
        Assert.Contains(
            "have no caption, first 'b.png'",
            Assert.Throws<AuditException>(() => CaptionRequirement.Check(Load())).Message,
            StringComparison.Ordinal
        );
        var lenient = Load(With(new() { Missing = MissingCaptions.Empty }));
        Assert.Contains("as asked", CaptionRequirement.Check(lenient)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_captions_count_as_empty_if_asked()
    {
        _folder.Write("a.txt", "a cat");
        var set = Load(With(new() { Needed = true, Missing = MissingCaptions.Empty }));
        Assert.Equal(
            "1 of 2 pictures of 'pictures' have no caption, first 'b.png'; they count as pictures with the empty "
                + "caption, as asked.",
            set.Captions.Notes[^1]
        );
    }

    [Fact]
    public void Without_any_caption_all_are_looked_at_under_the_empty_prompt() =>
        Assert.Equal(
            "No picture of 'pictures' has a caption, so all were looked at under the empty prompt.",
            Assert.Single(Load(Needed).Captions.Notes)
        );

    [Fact]
    public void The_names_of_kohyas_folders_are_captions_where_there_are_no_others()
    {
        foreach (var picture in (string[])["a.png", "b.png"])
            File.Delete(_folder[picture]);
        _folder.Write("10_a red cat/a.png", TestPictures.Png(1));
        _folder.Write("2_dog_x/b.png", TestPictures.Png(2));

        var set = Load(Needed);

        Assert.Equal(["a red cat", "dog_x"], set.Items.Select(item => item.Caption));
        Assert.StartsWith(
            "2 pictures have no other caption than the name of the folder",
            Assert.Single(set.Captions.Notes),
            StringComparison.Ordinal
        );

        _folder.Write("2_dog_x/b.txt", "a dog");
        Assert.Equal([null, "a dog"], Captions());
        Assert.Contains("1 of 2 pictures", Refusal(Needed), StringComparison.Ordinal);
        Assert.Equal(["a red cat", "a dog"], Captions(With(new() { Needed = true, Missing = MissingCaptions.Folder })));
        Assert.Equal(["a red cat", "dog_x"], Captions(With(new() { Source = CaptionSource.Folder })));
    }

    [Fact]
    public void A_column_of_any_name_is_read_if_asked_for()
    {
        _folder.Write(
            "metadata.jsonl",
            """
            {"file_name": "a.png", "caption": "one", "BLIP": "two"}
            {"file_name": "b.png", "caption": "three", "blip": ["four", "five"]}
            """
        );
        Assert.Equal(["one", "three"], Captions());
        Assert.Equal(["two", "four"], Captions(With(new() { Column = "blip" })));
        Assert.Equal(
            "No picture of 'pictures' has the column 'blap' in its metadata; give {caption-column} the name of a "
                + "column that they have.",
            Refusal(With(new() { Column = "blap" }))
        );
    }

    [Theory]
    [InlineData(CaptionSource.TextFile, ".txt files")]
    [InlineData(CaptionSource.CaptionFile, ".caption files")]
    [InlineData(CaptionSource.Folder, "folder names")]
    public void A_column_beside_another_source_than_metadata_is_refused_at_once(CaptionSource source, string name)
    {
        _folder.Write("a.txt", "a cat");
        var options = With(new() { Column = "blip", Source = source });
        var refusal = Refusal(options);
        Assert.Equal(
            "{caption-column} names a column of metadata, and {caption-source} takes captions from "
                + $"{name} alone; leave one of the two out.",
            refusal
        );
        Assert.Equal(
            refusal,
            Assert.Throws<AuditException>(() => TrainingSetLoader.CheckExists(_folder.Path, options)).Message
        );
        new CaptionOptions { Column = "blip", Source = CaptionSource.Metadata }.Check();
    }

    [Theory]
    [InlineData("""{"file_name": "a.png", "prompt": "p"}""", "p", 0)]
    [InlineData("""{"file_name": "a.png", "prompt": "p", "text": "t"}""", "t", 1)]
    [InlineData("""{"file_name": "a.png", "prompt": "p", "text": "t", "caption": "c"}""", "c", 1)]
    [InlineData("""{"file_name": "a.png", "text": "c", "caption": "c"}""", "c", 0)]
    public void Caption_holds_before_text_and_prompt(string line, string caption, int notes)
    {
        _folder.Write("metadata.jsonl", line);
        var set = Load();
        Assert.Equal(caption, set.Items[0].Caption);
        Assert.Equal(notes, set.Captions.Notes.Count);
    }

    [Fact]
    public void A_changed_caption_file_is_read_though_an_index_knows_the_picture()
    {
        using var indexes = new TempFolder();
        foreach (var picture in (string[])["a.png", "b.png"])
            File.SetLastWriteTimeUtc(_folder[picture], DateTime.UtcNow.AddDays(-1));
        var options = new TrainingSetOptions { Indexes = new(indexes.Path, new ShiftedTime(TimeSpan.FromDays(1))) };
        _folder.Write("a.txt", "first");
        Assert.Equal("first", Load(options).Items[0].Caption);
        _folder.Write("a.txt", "second");
        var set = Load(options);
        Assert.Equal("second", set.Items[0].Caption);
        Assert.Equal(2, set.Hashes!.FromIndex);
    }

    [Fact]
    public void Check_and_summary_count_captions()
    {
        _folder.Write("a.txt", "a cat");
        var set = Load();
        Assert.Equal(
            [new ValueCount(null, 1), new(".txt files", 1)],
            DatasetSummary.Of(set).Captions.OrderBy(count => count.Value, StringComparer.Ordinal)
        );
        Assert.Equal(
            ["b.png"],
            Assert
                .Single(DatasetCheck.Run(set, TimeProvider.System), finding => finding.Kind == "no-caption")
                .Groups[0]
                .Pictures
        );
        Assert.DoesNotContain(DatasetCheck.Run(set, TimeProvider.System), finding => finding.Kind == "unlisted");
    }

    [Fact]
    public void Captions_of_zip_and_tar_files_are_chosen_by_the_same_rules()
    {
        using var folder = new TempFolder();
        using (var zip = ZipFile.Open(folder.At("set.zip"), ZipArchiveMode.Create))
        {
            Add(zip, "a.png", TestPictures.Png(1));
            Add(zip, "a.txt", "a cat\nmore"u8);
            Add(zip, "b.png", TestPictures.Png(2));
            Add(zip, "b.caption", "a dog"u8);
            Add(zip, "c.png", TestPictures.Png(3));
            Add(zip, "c.txt", [0xe9]);
        }

        var set = PackedFiles.Load(folder.Path);
        Assert.Equal(["a cat", "a dog", null], set.Items.Select(item => item.Caption));
        Assert.Equal("set.zip#c.png", Assert.Single(set.Captions.Unreadable).Picture);
        Assert.Contains(
            "The caption file 'set.zip#c.txt' is no UTF-8 text; save it as UTF-8.",
            Assert.Throws<AuditException>(() => PackedFiles.Load(folder.Path, Needed)).Message,
            StringComparison.Ordinal
        );

        static void Add(ZipArchive zip, string name, ReadOnlySpan<byte> bytes)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(bytes);
        }
    }

    [Fact]
    public void In_tar_files_files_hold_before_json_unless_a_column_is_asked_for()
    {
        using var folder = new TempFolder();
        using (var file = File.Create(folder.At("set.tar")))
        using (var tar = new TarWriter(file))
        {
            Add(tar, "a.png", TestPictures.Png(1));
            Add(tar, "a.txt", "\ufeffin a file"u8.ToArray());
            Add(tar, "a.json", """{"caption": "in json", "blip": "another"}"""u8.ToArray());
            Add(tar, "b.png", TestPictures.Png(2));
            Add(tar, "b.json", """{"caption": "alone", "blip": "second"}"""u8.ToArray());
        }

        var set = PackedFiles.Load(folder.Path);
        Assert.Equal(["in a file", "alone"], set.Items.Select(item => item.Caption));
        Assert.Contains(
            set.Captions.Notes,
            note => note.StartsWith("1 picture has several captions", StringComparison.Ordinal)
        );
        var column = PackedFiles.Load(folder.Path, With(new() { Column = "blip" }));
        Assert.Contains(
            "can have captions in metadata or .caption files or .txt files, not in folder names; give {caption-source}",
            Refuses(new() { Source = CaptionSource.Folder }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "not in folder names; give {missing-captions} another value",
            Refuses(new() { Missing = MissingCaptions.Folder }),
            StringComparison.Ordinal
        );
        Assert.Equal(["another", "second"], column.Items.Select(item => item.Caption));

        string Refuses(CaptionOptions captions) =>
            Assert.Throws<AuditException>(() => PackedFiles.Load(folder.Path, With(captions))).Message;

        static void Add(TarWriter tar, string name, byte[] bytes) =>
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
    }
}
