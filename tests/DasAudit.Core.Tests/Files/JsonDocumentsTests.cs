using System.Text;
using System.Text.Json;
using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public static class JsonDocumentsTests
{
    [Fact]
    public static void A_byte_order_mark_counts_for_nothing()
    {
        byte[] json = [.. Encoding.UTF8.GetPreamble(), .. "{\"a\": \"ü\"}"u8];

        using var document = JsonDocuments.Parse(json);

        Assert.Equal("ü", document.RootElement.GetProperty("a").GetString());
    }

    [Fact]
    public static void Comments_and_commas_are_as_the_options_say()
    {
        const string json = "{ // why\n\"a\": [1,],}";

        Assert.ThrowsAny<JsonException>(() => JsonDocuments.Parse(json));
        using var document = JsonDocuments.Parse(
            json,
            new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }
        );
        Assert.Equal(1, document.RootElement.GetProperty("a")[0].GetInt32());
    }

    // Each is JSON by its marks, and whoever reads the text meets an exception that is none of JSON.
    [Theory]
    [InlineData("{\"a\":\n\"\\ud800\"}")]
    [InlineData("{\"x\": 1,\n\"\\udc00\": 2}")]
    [InlineData("{\"x\": 1,\n\"a\": \"\u00ff\"}")]
    public static void Texts_that_are_no_Unicode_are_no_JSON_and_their_line_is_said(string latin)
    {
        var error = Assert.Throws<JsonException>(() => JsonDocuments.Parse(Encoding.Latin1.GetBytes(latin)));

        Assert.Equal(1, error.LineNumber);
    }
}
