using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Core.Tests.Datasets.Licenses;

public static class LicenseSpellingTests
{
    [Theory]
    [InlineData("CC BY 4.0", "CC-BY-4.0")]
    [InlineData("CC BY-SA 3", "CC-BY-SA-3.0")]
    [InlineData("cc_by_nc_nd_2.5", "CC-BY-NC-ND-2.5")]
    [InlineData("Creative Commons Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0")]
    [InlineData("Creative Commons Attribution-NonCommercial-NoDerivs 3.0 Unported", "CC-BY-NC-ND-3.0")]
    [InlineData("Creative Commons Zero v1.0 Universal", "CC0-1.0")]
    [InlineData("CC0", "CC0-1.0")]
    [InlineData("https://creativecommons.org/licenses/by-nc/2.0/deed.de", "CC-BY-NC-2.0")]
    [InlineData("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0")]
    [InlineData("Public domain: https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0")]
    [InlineData("MIT License", "MIT")]
    [InlineData("Apache License, Version 2.0", "Apache-2.0")]
    [InlineData("PDDL", "PDDL-1.0")]
    public static void Other_spellings_are_unknown_and_understood(string license, string meant)
    {
        Assert.NotNull(LicenseReading.Of(license).Problem);
        Assert.Equal(meant, LicenseSpelling.Suggest(license));
        Assert.Null(LicenseReading.Of(meant).Problem);
    }

    [Theory]
    [InlineData("CC BY")]
    [InlineData("Creative Commons")]
    [InlineData("All rights reserved")]
    [InlineData("GPL")]
    [InlineData("MIT OR Beerware-42-ish")]
    [InlineData("?")]
    public static void What_could_mean_several_or_nothing_is_left_open(string license)
    {
        Assert.NotNull(LicenseReading.Of(license).Problem);
        Assert.Null(LicenseSpelling.Suggest(license));
    }
}
