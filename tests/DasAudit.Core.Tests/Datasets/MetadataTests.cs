using System.Text;
using DasAudit.Abstractions;
using DasAudit.Core.Datasets;

namespace DasAudit.Core.Tests.Datasets;

public sealed class MetadataTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public MetadataTests()
    {
        _folder.Write("a.png", TestPictures.Png(1));
        _folder.Write("sub/b.png", TestPictures.Png(2));
        _folder.Write("LICENSES/MIT.txt", "text");
    }

    public void Dispose() => _folder.Dispose();

    private TrainingSet Load() =>
        TrainingSetLoader.Load(_folder.Path, new(), null, TestContext.Current.CancellationToken);

    private string Refusal() => Assert.Throws<AuditException>(Load).Message;

    private void AssertFullRow()
    {
        var set = Load();
        var item = set.Items[1];
        Assert.Equal("sub/b.png", item.Path);
        Assert.Equal(
            new Rights
            {
                License = "CC-BY-4.0",
                RightsHolder = "Ann, Ltd",
                Author = "Ann",
                Source = "https://example.org",
            },
            item.Rights
        );
        Assert.Equal(("Grin", "a \"grin\"", "train", 3), (item.Title, item.Caption, item.Split, item.Label));
        Assert.Equal(Rights.Unknown, set.Items[0].Rights);
        Assert.Null(set.Items[0].Label);
    }

    [Fact]
    public void Json_lines_give_rights_title_caption_split_and_label()
    {
        _folder.Write(
            "metadata.jsonl",
            """
            {"file_name": "sub/b.png", "license": "CC-BY-4.0", "rights_holder": "Ann, Ltd", "author": " Ann ",
             "source": "https://example.org", "title": "Grin", "caption": "a \"grin\"",
             "split": "train", "label": 3, "unknown": [1, 2]}

            {"file_name": "a.png", "license": "", "author": null, "title": "  "}
            """.Replace(",\n ", ", ", StringComparison.Ordinal)
        );
        AssertFullRow();
        Assert.Null(Load().Items[0].Title);
    }

    [Fact]
    public void Csv_gives_the_same_and_column_names_are_compared_without_case()
    {
        _folder.Write(
            "metadata.csv",
            "\ufeffFile_Name,License,rights_holder,author,source,title,caption,split,LABEL,unknown\r\n"
                + "sub/b.png,CC-BY-4.0,\"Ann, Ltd\", Ann ,https://example.org,Grin,\"a \"\"grin\"\"\",train,3,x\r\n"
                + "a.png,,,,,,,,,\r\n"
        );
        AssertFullRow();
    }

    [Fact]
    public void A_line_about_a_broken_picture_is_no_error()
    {
        _folder.Write("broken.png", "text");
        _folder.Write("metadata.csv", "file_name,author\nbroken.png,Ann\n./a.png,Bob\n");
        var set = Load();
        Assert.Equal(["broken.png"], set.Skipped.Select(s => s.Path));
        Assert.Equal("Bob", set.Items[0].Rights.Author);
    }

    [Theory]
    [InlineData(
        "{\"file_name\": \"a.png\"}\n{\"file_name\": \"no.png\"}",
        "line 2, names 'no.png', which is not there"
    )]
    [InlineData("{\"file_name\": \"../x.png\"}", "line 1, names '../x.png', which lies outside the dataset folder")]
    [InlineData("{\"file_name\": \"sub/../../x.png\"}", "which lies outside the dataset folder")]
    [InlineData("{\"file_name\": \"/etc/hostname\"}", "which lies outside the dataset folder")]
    [InlineData("{\"file_name\": \"C:\\\\set\\\\a.png\"}", "which is a path of another computer")]
    [InlineData("{\"file_name\": \".\"}", "which lies outside the dataset folder")]
    [InlineData("{\"file_name\": \"sub\"}", "which is not there")]
    [InlineData("{\"file_name\": \"LICENSES/MIT.txt\"}", "names 'LICENSES/MIT.txt', which is no picture")]
    [InlineData(
        "{\"file_name\": \"a.png\", \"split\": \"train\"}\n\n{\"file_name\": \"./a.png\", \"split\": \"test\"}",
        "line 3, names 'a.png' a second time, with the split 'test', but line 1 gives it 'train'"
    )]
    [InlineData("{\"file_name\": \"a.png\"", "line 1, is no valid JSON object")]
    [InlineData("[1]", "line 1, is no JSON object")]
    [InlineData("{\"author\": \"Ann\"}", "line 1, has no file_name")]
    [InlineData("{\"file_name\": \"  \"}", "line 1, has no file_name")]
    [InlineData("{\"file_name\": \"a\\u0000.png\"}", "line 1, has a file_name with a zero character")]
    [InlineData(
        "{\"file_name\": \"a.png\", \"license\": {\"id\": 4}}",
        "line 1, gives license an object; give it a text, a number or a list of texts"
    )]
    [InlineData(
        "{\"file_name\": \"a.png\", \"author\": [\"Ann\", {\"name\": \"Bob\"}]}",
        "line 1, gives author a list with an object"
    )]
    [InlineData("{\"file_name\": \"a.png\", \"split\": [\"train\", \"test\"]}", "line 1, gives split several values")]
    [InlineData(
        "{\"file_name\": \"a.png\", \"license\": \"MIT\", \"license\": \"GPL\"}",
        "line 1, states license twice"
    )]
    [InlineData(
        "{\"file_name\": \"a.png\", \"license\": \"MIT\", \"License\": \"GPL\"}",
        "line 1, states license twice"
    )]
    [InlineData(
        "{\"file_name\": \"sub/b.png\", \"label\": 1}\n{\"file_name\": \"a.png\", \"label\": \"cat\"}",
        "line 2, has the label 'cat', but line 1 has '1'"
    )]
    [InlineData("{\"file_name\": \"a.png\", \"label\": -2}", "line 1, has the label '-2', which is no class index")]
    [InlineData("{\"file_name\": \"a.png\", \"label\": 0.5}", "line 1, has the label '0.5', which is no class index")]
    [InlineData(
        "{\"file_name\": null, \"a_file_name\": \"a.png\", \"b_file_name\": \"sub/b.png\"}",
        "line 1, has no file_name"
    )]
    [InlineData(
        "{\"a_file_name\": \"a.png\", \"b_file_name\": \"sub/b.png\"}",
        "line 1, has several columns that could name the picture (a_file_name, b_file_name)"
    )]
    [InlineData("{\"image\": {\"path\": \"a.png\"}}", "line 1, gives image an object")]
    public void A_wrong_json_line_is_named_by_its_number(string text, string expected)
    {
        _folder.Write("metadata.jsonl", text);
        var message = Refusal();
        Assert.StartsWith("metadata.jsonl, ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file_name,author\na.png,Ann\nno.png,Bob\n", "line 3, names 'no.png', which is not there")]
    [InlineData("file_name,author\na.png,Ann, Ltd\n", "line 2, has another number of columns")]
    [InlineData("file_name,author\na.png\n", "line 2, has another number of columns")]
    [InlineData("name;author\na.png;Ann\n", "line 1, has no column file_name")]
    [InlineData("sep=;\nfile_name;author\na.png;Ann\nno.png;Bob\n", "line 4, names 'no.png'")]
    [InlineData("file_name,author,Author\na.png,Ann,Bob\n", "line 1, has the column author twice")]
    [InlineData("file_name,author\na.png,\"Ann\n", "line 2, ")]
    [InlineData("file_name,author\na.png,\"Ann\nno.png,Bob\n", "line 2, opens a quote")]
    [InlineData("file_name,author\n\na.png,\"Ann\nand Bob\"\nno.png,Bob\n", "line 5, names 'no.png'")]
    [InlineData("file_name,author\nno.png,\"Ann\nand Bob\"\n", "line 2, names 'no.png'")]
    [InlineData("file_name,author\n\"a.png\"x,Ann\n", "line 2, ")]
    public void A_wrong_csv_line_is_named_by_its_number(string text, string expected)
    {
        _folder.Write("metadata.csv", text);
        var message = Refusal();
        Assert.StartsWith("metadata.csv, ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metadata.csv", "file_name,author\na.png,Andr\u00e9\n")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"author\": \"Andr\u00e9\"}\n")]
    public void Text_that_is_not_utf8_is_refused_and_not_garbled(string name, string text)
    {
        _folder.Write(name, Encoding.Latin1.GetBytes(text));
        Assert.Contains("is not UTF-8 text", Refusal(), StringComparison.Ordinal);
        _folder.Write(name, text);
        Assert.Equal("André", Load().Items[0].Rights.Author);
    }

    [Fact]
    public void Two_metadata_files_are_refused()
    {
        _folder.Write("metadata.csv", "file_name\na.png\n");
        _folder.Write("metadata.jsonl", "{\"file_name\": \"a.png\"}");
        Assert.Contains("has both metadata.jsonl and metadata.csv", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_in_a_sub_folder_names_pictures_relative_to_itself()
    {
        _folder.Write("sub/metadata.csv", "file_name,author\nb.png,Bob\n");
        _folder.Write("metadata.jsonl", "{\"file_name\": \"a.png\", \"author\": \"Ann\"}");
        Assert.Equal(["Ann", "Bob"], Load().Items.Select(i => i.Rights.Author));

        _folder.Write("metadata.jsonl", "{\"file_name\": \"sub/b.png\", \"author\": \"Ann\"}");
        Assert.Equal(
            "sub/metadata.csv, line 2, names 'sub/b.png' a second time, with the author 'Bob', but metadata.jsonl, "
                + "line 1 gives it 'Ann'; keep what is right.",
            Refusal()
        );

        _folder.Write("sub/metadata.csv", "file_name,author\n../../b.png,Bob\n");
        Assert.Contains("lies outside the dataset folder", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_metadata_says_nothing_about_any_picture()
    {
        _folder.Write("metadata.csv", "");
        Assert.All(Load().Items, i => Assert.Equal(Rights.Unknown, i.Rights));
    }
}
