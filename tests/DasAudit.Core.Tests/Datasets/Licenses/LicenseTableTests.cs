using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Core.Tests.Datasets.Licenses;

public static class LicenseTableTests
{
    [Theory]
    [InlineData("CC-BY-4.0", "attribution required")]
    [InlineData("CC-BY-NC-SA-3.0-DE", "attribution required, share-alike, non-commercial")]
    [InlineData("CC-BY-NC-ND-4.0", "attribution required, non-commercial, no derivatives")]
    [InlineData("CC0-1.0", "public domain, or as free")]
    [InlineData("ODbL-1.0", "attribution required, share-alike")]
    [InlineData("C-UDA-1.0", "attribution required, for computation only")]
    [InlineData("MIT", "attribution required, a licence for software")]
    [InlineData("AGPL-3.0-or-later", "attribution required, copyleft, a licence for software")]
    [InlineData("MITNFA", "not known to this program")]
    [InlineData("Beerware", "not known to this program")]
    [InlineData("LicenseRef-Own", "not known to this program")]
    [InlineData("my own", "not known to this program")]
    [InlineData("CC0-1.0 OR CC-BY-4.0", "a choice: public domain, or as free; or attribution required")]
    [InlineData("CC-BY-4.0 AND LicenseRef-Own", "attribution required; and not known to this program")]
    [InlineData("CC-BY-3.0 AND CC-BY-4.0", "attribution required")]
    public static void What_a_licence_asks_for_in_words(string license, string words) =>
        Assert.Equal(words, LicenseTable.Words(license));
}
