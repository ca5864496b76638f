using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DasAudit.Evidence.Exports.Datasets;

namespace DasAudit.Evidence.Tests.Exports.Datasets;

/// <summary>
/// There is no published schema of Croissant; what its specification 1.1 requires is asked here. docs/exports.md says
/// how its own reader, mlcroissant, was asked.
/// </summary>
public class CroissantDocumentTests
{
    private const string Stated =
        """{"file_name": "sub/p 0.png", "license": "CC-BY-4.0", "rights_holder": "=Ann", "title": "one"}""";
    private const string Other =
        """{"file_name": "sub/p 1.png", "license": "MIT OR Apache-2.0", "source": "https://example.org/1"}""";
    private const string Foreign =
        """{"file_name": "sub/p 2.png", "license": "all rights reserved", "author": "Bob"}""";

    private static readonly DatasetDetails Details = new(new("https://example.org/d"), "Ann", new(2026, 3, 14));

    [Fact]
    public void It_has_what_the_specification_requires()
    {
        using var folder = new ExportedSet(Stated, Other, Foreign);
        var document = CroissantDocument.Of(folder.Load(), Details);

        foreach (
            var member in new[]
            {
                "@context",
                "@type",
                "conformsTo",
                "description",
                "license",
                "name",
                "url",
                "creator",
                "datePublished",
            }
        )
            Assert.True(document.ContainsKey(member), member);
        Assert.Equal("http://mlcommons.org/croissant/1.1", (string?)document["conformsTo"]);
        Assert.Equal("2026-03-14", (string?)document["datePublished"]);
        Assert.Equal(
            [
                "all rights reserved",
                "https://spdx.org/licenses/Apache-2.0",
                "https://spdx.org/licenses/CC-BY-4.0",
                "https://spdx.org/licenses/MIT",
            ],
            document["license"]!.AsArray().Select(license => (string?)license)
        );
        Assert.Empty(CroissantDocument.Missing(folder.Load(), Details));
    }

    [Fact]
    public void What_nobody_states_is_left_out_and_named()
    {
        using var folder = new ExportedSet();
        var document = CroissantDocument.Of(folder.Load(), DatasetDetails.None);

        foreach (var member in new[] { "url", "creator", "datePublished", "license" })
            Assert.False(document.ContainsKey(member), member);
        Assert.Equal(
            ["url", "creator", "datePublished", "license"],
            CroissantDocument.Missing(folder.Load(), DatasetDetails.None)
        );
    }

    [Fact]
    public void Every_picture_is_a_file_with_its_hash()
    {
        using var folder = new ExportedSet(Stated);
        var files = CroissantDocument.Of(folder.Load(), Details)["distribution"]!.AsArray();

        Assert.Equal(3, files.Count);
        foreach (var file in files)
        {
            Assert.Equal(("cr:FileObject", "image/png"), ((string?)file!["@type"], (string?)file["encodingFormat"]));
            var path = Path.Combine(folder.Path, Uri.UnescapeDataString((string)file["contentUrl"]!));
            Assert.Equal((string?)file["@id"], Path.GetRelativePath(folder.Path, path));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), (string?)file["sha256"]);
        }

        Assert.Equal("sub/p%200.png", (string?)files[0]!["contentUrl"]);
    }

    [Fact]
    public void Every_picture_is_a_record_of_the_fields_that_something_states()
    {
        using var folder = new ExportedSet(Stated, Other);
        var records = CroissantDocument.Of(folder.Load(), Details)["recordSet"]!.AsArray().Single()!;

        var fields = records["field"]!.AsArray().Select(field => (string)field!["@id"]!).ToList();
        Assert.Equal(
            ["file_name", "sha256", "width", "height", "title", "license", "rights_holder", "source"],
            fields.Select(field => field.Split('/')[1])
        );
        var data = records["data"]!.AsArray();
        Assert.Equal(3, data.Count);
        Assert.All(data, record => Assert.Equal(fields, record!.AsObject().Select(member => member.Key)));
        Assert.Equal("=Ann", (string?)data[0]!["pictures/rights_holder"]);
        Assert.Equal(4, (int?)data[0]!["pictures/width"]);
        Assert.Null(data[2]!["pictures/license"]);
        Assert.Equal("pictures/file_name", (string?)records["key"]!["@id"]);
        Assert.Equal(
            ["sc:Integer", "sc:Text"],
            records["field"]!.AsArray().Select(f => (string?)f!["dataType"]).Distinct().Order()
        );
    }

    // A term without a prefix that the context does not name would pass for one of schema.org.
    [Fact]
    public void Every_term_of_Croissant_is_in_the_context()
    {
        using var folder = new ExportedSet(Stated);
        var document = CroissantDocument.Of(folder.Load(), Details);
        var context = document["@context"]!.AsObject();

        foreach (var term in new[] { "recordSet", "field", "key", "dataType", "data", "conformsTo" })
            Assert.True(context.ContainsKey(term), term);
        Assert.Equal("cr:recordSet", (string?)context["recordSet"]);
        Assert.Equal("https://schema.org/", (string?)context["@vocab"]);
        Assert.Equal("@json", (string?)context["data"]!["@type"]);
    }

    [Fact]
    public void Of_a_packed_dataset_the_packed_files_are_listed()
    {
        using var folder = new TempFolder();
        var pixels = new byte[16 + 4];
        new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 9, 8, 7, 6 }.CopyTo(pixels, 0);
        File.WriteAllBytes(folder.At("train-images-idx3-ubyte"), pixels);
        File.WriteAllBytes(folder.At("train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 5]);

        var document = CroissantDocument.Of(
            Core.Datasets.TrainingSetLoader.Load(
                folder.Path,
                new(),
                cancellation: TestContext.Current.CancellationToken
            ),
            Details
        );

        var files = document["distribution"]!.AsArray().Select(file => (string?)file!["@id"]);
        Assert.Equal(["train-images-idx3-ubyte", "train-labels-idx1-ubyte"], files);
        Assert.Equal(5, (int?)document["recordSet"]![0]!["data"]![0]!["pictures/label"]);
    }
}
