using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Tests.Checkpoints;

public class PythonJsonTests
{
    // Written by Python: json.dumps({"a": [float("-inf"), float("inf"), float("nan")], "b": {"c": float("nan")}}).
    [Fact]
    public void What_Python_writes_for_numbers_that_are_not_finite_can_be_read()
    {
        using var json = JsonDocument.Parse(
            PythonJson.Standard("""{"a": [-Infinity, Infinity, NaN], "b": {"c": NaN}}""")
        );

        Assert.Equal(
            ["-Infinity", "Infinity", "NaN"],
            json.RootElement.GetProperty("a").EnumerateArray().Select(item => item.GetString()!)
        );
        Assert.Equal("NaN", json.RootElement.GetProperty("b").GetProperty("c").GetString());
    }

    [Theory]
    [InlineData("""{"NaN": "-Infinity and NaN"}""")]
    [InlineData("""{"a": "quoted \"NaN\", \\", "b": "\\\" Infinity"}""")]
    [InlineData("""{"a": -1e5, "b": true, "c": null}""")]
    [InlineData("")]
    public void All_else_stays_as_it_is(string text) => Assert.Equal(text, PythonJson.Standard(text));

    [Theory]
    [InlineData("""{"a": "NaN""")]
    [InlineData("""{"a": NaNa}""")]
    [InlineData("""{"a": Infinity""")]
    public void What_was_no_JSON_stays_none(string text) =>
        Assert.Contains(
            "is no valid JSON",
            Assert.Throws<AuditException>(() => JsonConfig.Parse("x.json", text)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("""{"a": ["\ud800"]}""")]
    [InlineData("""{"a": {"\udc00": 1}}""")]
    public void Half_a_character_is_refused(string text) =>
        Assert.Contains(
            "holds a text that is no Unicode",
            Assert.Throws<AuditException>(() => JsonConfig.Parse("x.json", text)).Message,
            StringComparison.Ordinal
        );
}
