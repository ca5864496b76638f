using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Core.Tests.Datasets.Licenses;

public class AllowedLicensesTests
{
    [Theory]
    [InlineData("MIT", true)]
    [InlineData("mit", true)]
    [InlineData("CC BY 4.0", true)]
    [InlineData("https://creativecommons.org/licenses/by/4.0/", true)]
    [InlineData("CC-BY-NC-4.0", false)]
    [InlineData("MIT OR CC-BY-NC-4.0", true)]
    [InlineData("MIT AND CC-BY-NC-4.0", false)]
    [InlineData("MIT AND (CC-BY-4.0 OR CC-BY-NC-4.0)", true)]
    [InlineData("GPL-2.0-only", false)]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", true)]
    [InlineData("Apache-2.0 WITH LLVM-exception", false)]
    [InlineData("MIT WITH LLVM-exception", true)]
    [InlineData("MIT WITH AdditionRef-Fee", false)]
    [InlineData("MIT+", true)]
    [InlineData("LicenseRef-Contract-17", true)]
    [InlineData("LicenseRef-Contract-18", false)]
    [InlineData("whatever", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_expression_is_allowed_by_its_parts(string? license, bool expected)
    {
        var allowed = Of("MIT", "CC-BY-4.0", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-Contract-17");

        Assert.Equal(expected, allowed.Allow(license));
    }

    [Theory]
    [InlineData("CC BY 4.0", "1: 'CC BY 4.0' is no licence of SPDX's list 3.28; write CC-BY-4.0")]
    [InlineData("MIT OR 0BSD", "1: 'MIT OR 0BSD' joins several licences; list each by itself")]
    [InlineData("(?", "1: '(?' is no licence of SPDX's list 3.28; write an identifier of SPDX, or LicenseRef-")]
    public void What_is_no_licence_is_named_with_its_place(string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Of("MIT", text));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    private static AllowedLicenses Of(params string[] licenses) =>
        AllowedLicenses.Of(licenses, (index, problem) => new InvalidDataException($"{index}: {problem}"));
}
