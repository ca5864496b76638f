using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

/// <summary>Metadata as people have them: what the format allows, and what other programs write.</summary>
public sealed class OddMetadataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public OddMetadataTests()
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write("sub/b.png", TestPictures.Png(2));
    }

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load() =>
        TrainingSetLoader.Load(_folder.Path, new(), null, TestContext.Current.CancellationToken);

    private TrainingItem First() => Load().Items[0];

    private string Refusal() => Assert.Throws<AuditException>(Load).Message;

    [Theory]
    [InlineData("\"score\": NaN, \"range\": [-Infinity, Infinity], \"x\": {\"y\": [1]}")]
    [InlineData("\"note\": \"NaN \\\\\\\" -Infinity\", \"score\": NaN, \"tags\": [\"x\"]")]
    [InlineData("\"score\": 1, \"score\": 2, \"Score\": null")]
    [InlineData("\"image\": {\"bytes\": null}, \"image_id\": 7")]
    public void Values_of_columns_that_are_not_looked_at_do_not_matter(string fields)
    {
        _folder.Write("metadata.jsonl", $$"""{"file_name": "a.png", {{fields}}, "license": "MIT"}""");
        Assert.Equal("MIT", First().Rights.License);
    }

    [Fact]
    public void Numbers_truth_values_and_lists_become_text()
    {
        _folder.Write(
            "metadata.jsonl",
            """
            {"file_name": ["a.png"], "license": 4, "rights_holder": ["Ann, Ltd", null, "Bob"], "author": true,
             "source": 1.50, "title": NaN, "caption": ["first", "second"], "label": 3.0, "split": ["train", "train"]}
            """.Replace(",\n ", ", ", StringComparison.Ordinal)
        );
        var item = First();
        Assert.Equal(
            new Rights
            {
                License = "4",
                RightsHolder = "Ann, Ltd; Bob",
                Author = "true",
                Source = "1.50",
            },
            item.Rights
        );
        Assert.Equal((null, "first", 3, "train"), (item.Title, item.Caption, item.Label, item.Split));
    }

    [Theory]
    [InlineData("{\"file_name\": \"a.png\", \"text\": \"a cat\"}", "a cat")]
    [InlineData("{\"file_name\": \"a.png\", \"text\": \"a cat\", \"caption\": \"a dog\"}", "a dog")]
    public void The_column_text_is_the_caption_where_there_is_none(string line, string caption)
    {
        _folder.Write("metadata.jsonl", line);
        Assert.Equal(caption, First().Caption);
    }

    [Theory]
    [InlineData("image_file_name", "image,path,author")]
    [InlineData("image", "image,author")]
    [InlineData("Path", "Path,author")]
    public void Other_columns_may_name_the_picture(string column, string header)
    {
        header = header.Replace("image,path", "image_file_name,path", StringComparison.Ordinal);
        _folder.Write("metadata.csv", $"{header}\na.png,{(header.Count(c => c == ',') > 1 ? "x," : "")}Ann\n");
        var set = Load();
        Assert.Equal("Ann", set.Items[0].Rights.Author);
        Assert.Equal($"The metadata have no column file_name; the column {column} was taken for it.", set.Notes[0]);
    }

    [Fact]
    public void A_picture_with_several_lines_keeps_the_first_caption_and_what_any_of_them_states()
    {
        _folder.Write(
            "metadata.csv",
            "file_name,caption,license,author\na.png,one,MIT,\na.png,two,MIT,Ann\na.png,three,,\nsub/b.png,x,,\n"
        );
        var set = Load();
        var item = set.Items[0];
        Assert.Equal(("one", "MIT", "Ann"), (item.Caption, item.Rights.License, item.Rights.Author));
        Assert.Equal(
            "1 picture stands in the metadata several times, first 'a.png'; of several captions the first was taken.",
            set.Notes.Single()
        );

        _folder.Write("metadata.csv", "file_name,license\na.png,MIT\nsub/b.png,MIT\na.png,GPL\n");
        Assert.Equal(
            "metadata.csv, line 4, names 'a.png' a second time, with the license 'GPL', but line 2 gives it 'MIT'; "
                + "keep what is right.",
            Refusal()
        );
    }

    [Fact]
    public void A_stray_quote_in_the_header_is_refused_with_its_line()
    {
        _folder.Write("metadata.csv", "file_name,lic\"ense\na.png,MIT\n");

        Assert.StartsWith("metadata.csv, line 1, has ", Refusal(), StringComparison.Ordinal);
    }

    // Forms by Python's unicodedata.normalize; the third has two marks in another order than the composed letter.
    [Theory]
    [InlineData("e\u0301.png", "\u00e9.png")]
    [InlineData("\u00e9.png", "e\u0301.png")]
    [InlineData("\u1ed9.png", "o\u0323\u0302.png")]
    [InlineData("\u1100\u1161\u11a8.png", "\uac01.png")]
    public void Unicode_forms_of_one_name_are_one_name(string onDisk, string inMetadata)
    {
        _folder.Write($"sub/{onDisk}", TestPictures.Png(3));
        _folder.Write("metadata.jsonl", $$"""{"file_name": "sub/{{inMetadata}}", "author": "Ann"}""");
        Assert.Equal($"sub/{onDisk}", Load().Items.Single(item => item.Rights.Author == "Ann").Path);

        _folder.Write($"sub/{inMetadata}", TestPictures.Png(4));
        Assert.Equal($"sub/{inMetadata}", Load().Items.Single(item => item.Rights.Author == "Ann").Path);
    }

    [Fact]
    public void Backslashes_separate_folders_where_no_file_has_them_in_its_name()
    {
        _folder.Write("metadata.csv", "file_name,author\nsub\\b.png,Ann\n");
        Assert.Equal("Ann", Load().Items[1].Rights.Author);
        _folder.Write("sub\\b.png", TestPictures.Png(3));
        Assert.Equal("sub\\b.png", Load().Items.Single(item => item.Rights.Author == "Ann").Path);
        _folder.Write("metadata.csv", "file_name,author\n..\\b.png,Ann\n");
        Assert.Contains("lies outside the dataset folder", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Case_matters_only_where_several_pictures_differ_in_it()
    {
        _folder.Write("metadata.csv", "file_name,author\nA.PNG,Ann\nsub/b.png,Bob\n");
        var set = Load();
        Assert.Equal("Ann", set.Items[0].Rights.Author);
        Assert.Equal(
            "1 picture stands in the metadata with other upper and lower case than on disk, first 'a.png', which they "
                + "call 'A.PNG'.",
            set.Notes.Single()
        );

        _folder.Write("A.png", TestPictures.Png(3));
        Assert.Contains(
            "names 'A.PNG', which is not there, but 'A.png' and 'a.png' are; write the name as the file has it",
            Refusal(),
            StringComparison.Ordinal
        );
        _folder.Write("metadata.csv", "file_name,author\nA.png,Ann\na.png,Bob\n");
        Assert.Equal(["Ann", "Bob"], Load().Items.Take(2).Select(item => item.Rights.Author));
    }

    [Theory]
    [InlineData("file_name;license;caption\r\na.png;MIT;a, b\r\n")]
    [InlineData("file_name\tlicense\tcaption\na.png\tMIT\ta, b\n")]
    [InlineData("sep=;\r\nfile_name;license;caption\r\na.png;MIT;a, b\r\n")]
    [InlineData("sep=|\nfile_name|license|caption\na.png|MIT|a, b\n")]
    [InlineData(",file_name,license,caption\n0,a.png,MIT,\"a, b\"\n")]
    [InlineData("caption,license,\"file_name\"\n\"a, b\",MIT,a.png\n")]
    [InlineData("license,file_name,caption,author\nMIT,a.png,\"a, b\",nan\n")]
    [InlineData("\"caption;with;semicolons\",file_name,license,caption\n,a.png,MIT,\"a, b\"\n")]
    public void Csv_is_separated_as_its_first_lines_show(string text)
    {
        foreach (
            var encoding in (Encoding[])
                [new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode]
        )
        {
            _folder.Write("metadata.csv", [.. encoding.GetPreamble(), .. encoding.GetBytes(text)]);
            var item = First();
            Assert.Equal(("MIT", "a, b", null), (item.Rights.License, item.Caption, item.Rights.Author));
        }
    }

    [Fact]
    public void Json_lines_may_be_utf16_as_well()
    {
        _folder.Write(
            "metadata.jsonl",
            [
                .. Encoding.Unicode.GetPreamble(),
                .. Encoding.Unicode.GetBytes("{\"file_name\": \"a.png\", \"author\": \"Zoë\"}"),
            ]
        );
        Assert.Equal("Zoë", First().Rights.Author);
    }

    [Fact]
    public void A_byte_order_mark_does_not_hide_bytes_that_are_no_text()
    {
        _folder.Write("metadata.csv", [0xef, 0xbb, 0xbf, .. "file_name,author\na.png,Zo"u8, 0xeb, .. "\n"u8]);
        Assert.Contains("is not UTF-8 text", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metadata.csv")]
    [InlineData("metadata.jsonl")]
    [InlineData("metadata.parquet")]
    public void A_pointer_of_git_lfs_is_told_apart(string name)
    {
        _folder.Write(name, "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n");
        Assert.Equal(
            $"'{name}' is a Git LFS pointer, not the file itself; run 'git lfs pull' in its repository.",
            Refusal()
        );
    }

    [Fact]
    public void Files_that_look_like_metadata_and_are_not_read_are_named()
    {
        foreach (
            var name in (string[])
                ["metadata1000.jsonl", "sub/labels.txt", "captions.json", "README.md", "LICENSE", "notes.txt", "b.json"]
        )
            _folder.Write(name, "text");
        Assert.Equal(
            "'captions.json', 'metadata1000.jsonl', 'sub/labels.txt' look like metadata and are not read; only "
                + "metadata.csv, metadata.jsonl, metadata.parquet are, with the column file_name.",
            Load().Notes.Single()
        );
    }

    [Fact]
    public void Equal_statements_of_rights_are_kept_once()
    {
        _folder.Write("metadata.csv", "file_name,license,author\na.png,MIT,Ann\nsub/b.png,MIT,Ann\n");
        var set = Load();
        Assert.Same(set.Items[0].Rights, set.Items[1].Rights);
    }
}
