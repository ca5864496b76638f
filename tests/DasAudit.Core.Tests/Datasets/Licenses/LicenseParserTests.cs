using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Core.Tests.Datasets.Licenses;

public static class LicenseParserTests
{
    [Theory]
    [InlineData("MIT", "MIT")]
    [InlineData("  mit ", "MIT")]
    [InlineData("cc-by-SA-4.0", "CC-BY-SA-4.0")]
    [InlineData("GPL-2.0-only+", "GPL-2.0-only+")]
    [InlineData("MIT OR Apache-2.0", "MIT OR Apache-2.0")]
    [InlineData("MIT or Apache-2.0", "MIT OR Apache-2.0")]
    [InlineData("MIT AND CC0-1.0 OR ISC", "MIT AND CC0-1.0 OR ISC")]
    [InlineData("MIT AND (CC0-1.0 OR ISC)", "MIT AND (CC0-1.0 OR ISC)")]
    [InlineData("((MIT))", "MIT")]
    [InlineData("(MIT)AND(ISC)", "MIT AND ISC")]
    [InlineData("GPL-2.0-or-later WITH classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0")]
    [InlineData("GPL-3.0-only with AdditionRef-own.1", "GPL-3.0-only WITH AdditionRef-own.1")]
    [InlineData("Apache-2.0 WITH LLVM-exception AND MIT", "Apache-2.0 WITH LLVM-exception AND MIT")]
    [InlineData("LicenseRef-Own-2", "LicenseRef-Own-2")]
    [InlineData("DocumentRef-spdx-1:LicenseRef-MIT", "DocumentRef-spdx-1:LicenseRef-MIT")]
    [InlineData("GPL-2.0", "GPL-2.0")]
    public static void Valid_expressions_are_read_and_spelled_as_SPDX_does(string text, string spelled)
    {
        var reading = LicenseReading.Of(text);
        Assert.Null(reading.Problem);
        Assert.Equal(spelled, reading.Expression!.ToString());
        Assert.Equal(spelled, LicenseParser.Parse(spelled).ToString());
    }

    [Theory]
    [InlineData("", 1, "a licence is missing")]
    [InlineData("   ", 4, "a licence is missing")]
    [InlineData("MIT AND", 8, "a licence is missing")]
    [InlineData("OR MIT", 1, "a licence is missing before 'OR'")]
    [InlineData("MIT AND OR ISC", 9, "a licence is missing before 'OR'")]
    [InlineData("MIT ISC", 5, "AND, OR or WITH is missing")]
    [InlineData("MIT And ISC", 5, "AND, OR or WITH is missing")]
    [InlineData("MIT + OR ISC", 5, "AND, OR or WITH is missing")]
    [InlineData("MIT++", 5, "AND, OR or WITH is missing")]
    [InlineData("(MIT OR ISC", 1, "nothing closes this '('")]
    [InlineData("(MIT ISC)", 6, "AND, OR or WITH is missing")]
    [InlineData("MIT)", 4, "nothing opens this ')'")]
    [InlineData("()", 2, "a licence is missing")]
    [InlineData("MIT WITH", 9, "an exception is missing")]
    [InlineData("MIT WITH AND ISC", 10, "an exception is missing")]
    [InlineData("(MIT OR ISC) WITH LLVM-exception", 14, "AND, OR or WITH is missing")]
    [InlineData("MIT/ISC", 4, "'/' has no meaning here")]
    [InlineData("MIT, ISC", 4, "',' has no meaning here")]
    [InlineData("My_Own", 3, "'_' has no meaning here")]
    [InlineData("Doc:MIT", 4, "':' stands only after 'DocumentRef-…'")]
    [InlineData("DocumentRef-a:MIT", 14, "':' stands only after 'DocumentRef-…'")]
    [InlineData("LicenseRef-a+", 13, "AND, OR or WITH is missing")]
    public static void Invalid_expressions_name_the_character_and_what_is_wrong(
        string text,
        int position,
        string problem
    )
    {
        var e = Assert.Throws<LicenseSyntaxException>(() => LicenseParser.Parse(text));
        Assert.Equal((position, $"character {position}: {problem}"), (e.Position, e.Message));
    }

    [Theory]
    [InlineData("Beerware-42", "SPDX's list 3.28 has no 'Beerware-42'")]
    [InlineData("MIT OR Own-1 AND Own-2 OR Own-1", "SPDX's list 3.28 has no 'Own-1' and no 'Own-2'")]
    [InlineData("GPL-2.0-only WITH MIT", "SPDX's list 3.28 has no exception 'MIT'")]
    [InlineData("licenseref-Own", "SPDX's list 3.28 has no 'licenseref-Own'")]
    [InlineData("LicenseRef-", "SPDX's list 3.28 has no 'LicenseRef-'")]
    public static void Unknown_identifiers_are_named(string text, string problem) =>
        Assert.Equal(problem, LicenseReading.Of(text).Problem);

    [Fact]
    public static void Deep_and_long_expressions_are_refused_in_no_time()
    {
        var deep = Assert.Throws<LicenseSyntaxException>(() => LicenseParser.Parse(new('(', 4000)));
        Assert.Contains("nested more than 32 deep", deep.Message, StringComparison.Ordinal);
        var text = string.Join(" OR ", Enumerable.Repeat("MIT", 1_000_000));
        Assert.Equal(4097, Assert.Throws<LicenseSyntaxException>(() => LicenseParser.Parse(text)).Position);
        Assert.Equal("MIT", LicenseParser.Parse(new string('(', 32) + "MIT" + new string(')', 32)).ToString());
    }

    [Fact]
    public static void The_list_is_there()
    {
        Assert.Equal((734, 67), (SpdxList.Licenses.Count, SpdxList.Exceptions.Count));
        Assert.All(SpdxList.Licenses, id => Assert.Equal(id, LicenseParser.Parse(id).ToString()));
    }
}
