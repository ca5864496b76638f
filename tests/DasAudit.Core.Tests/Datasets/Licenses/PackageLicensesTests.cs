using DasAudit.Core.Datasets.Licenses;

namespace DasAudit.Core.Tests.Datasets.Licenses;

public sealed class PackageLicensesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("LICENSE", "MIT License\n\nCopyright (c) 2020 Ann\n", "LICENSE", "MIT")]
    [InlineData("COPYING.txt", "\n   Apache License\n  Version 2.0, January 2004\n", "COPYING.txt", "Apache-2.0")]
    [InlineData(
        "licence.md",
        "# x\n<!-- SPDX-License-Identifier: CC-BY-4.0 OR MIT -->\n",
        "licence.md, line 2",
        "CC-BY-4.0 OR MIT"
    )]
    [InlineData("LICENSE", "Do as I say.\n", "LICENSE", null)]
    [InlineData("README.md", "---\npretty_name: x\nlicense: cc-by-4.0\n---\n# x\n", "README.md, line 3", "cc-by-4.0")]
    [InlineData(
        "README.md",
        "---\ntags:\n- a: [license, b]\nlicense:\n  - cc0-1.0\n---\n",
        "README.md, line 5",
        "cc0-1.0"
    )]
    [InlineData(
        "datapackage.json",
        """{"licenses": [{"name": "ODbL-1.0", "path": "x"}]}""",
        "datapackage.json, licenses",
        "ODbL-1.0"
    )]
    [InlineData(
        "croissant.json",
        """{"license": "https://creativecommons.org/licenses/by/4.0/"}""",
        "croissant.json, license",
        "https://creativecommons.org/licenses/by/4.0/"
    )]
    [InlineData("package.json", """{"license": {"type": "ISC"}}""", "package.json, license", "ISC")]
    public void A_licence_of_the_whole_is_found_with_its_place(string file, string text, string place, string? license)
    {
        _folder.Write(file, text);
        var found = Assert.Single(PackageLicenses.Of(_folder.Path).All);
        Assert.Equal((file, place, license), (found.File, found.Place, found.Text));
    }

    [Theory]
    [InlineData("README.md", "# x\nlicense: mit\n")]
    [InlineData("README.md", "---\nlicense: other\n---\n")]
    [InlineData("README.md", "---\nlicense: mit\n")]
    [InlineData("README.md", "---\n- license\n---\n")]
    [InlineData("package.json", "[]")]
    [InlineData("package.json", """{"license": 5, "licenses": [[], 1]}""")]
    public void Other_texts_state_none(string file, string text)
    {
        _folder.Write(file, text);
        Assert.Empty(PackageLicenses.Of(_folder.Path).All);
        Assert.Empty(PackageLicenses.Of(_folder.Path).Problems);
    }

    [Theory]
    [InlineData("README.md", "---\nlicense: [mit\n---\n", "Its front matter is no YAML")]
    [InlineData("package.json", "{", "It is no JSON")]
    public void Damaged_files_are_named(string file, string text, string problem)
    {
        _folder.Write(file, text);
        var found = Assert.Single(PackageLicenses.Of(_folder.Path).Problems);
        Assert.Equal(file, found.Path);
        Assert.StartsWith(problem, found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Bombs_and_huge_files_are_not_read()
    {
        _folder.Write("README.md", "---\na: &a [x,x]\nb: &b [*a,*a]\nlicense: *b\n---\n");
        _folder.Write("package.json", new string('[', 100_000));
        File.Create(_folder["LICENSE"]).Dispose();
        using (var huge = File.OpenWrite(_folder["COPYING"]))
            huge.SetLength(1L << 31);
        var licenses = PackageLicenses.Of(_folder.Path);
        Assert.Empty(licenses.All);
        Assert.Equal(["COPYING", "LICENSE", "package.json"], licenses.Problems.Select(problem => problem.Path));
        Assert.Contains("larger than 1 MiB", licenses.Problems[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_out_of_the_dataset_are_not_followed()
    {
        _folder.Write("outside/LICENSE", "MIT License\n");
        _folder.Write("data/a.png", TestPictures.Png());
        File.CreateSymbolicLink(_folder.At("data/LICENSE"), "../outside/LICENSE");
        var licenses = PackageLicenses.Of(_folder["data"]);
        Assert.Empty(licenses.All);
        Assert.Equal("LICENSE", Assert.Single(licenses.Problems).Path);
    }
}
