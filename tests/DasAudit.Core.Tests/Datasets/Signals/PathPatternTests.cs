using DasAudit.Core.Datasets.Signals;

namespace DasAudit.Core.Tests.Datasets.Signals;

public static class PathPatternTests
{
    [Theory]
    [InlineData("", "/a/b.png", true)]
    [InlineData("/", "/a/b.png", true)]
    [InlineData("/a/", "/a/b.png", true)]
    [InlineData("/a/b", "/a/b.png", true)]
    [InlineData("/b", "/a/b.png", false)]
    [InlineData("*.png", "/a/b.png", true)]
    [InlineData("*.png$", "/a/b.png", true)]
    [InlineData("*.pn$", "/a/b.png", false)]
    [InlineData("/a/*.jpg", "/a/b.png", false)]
    [InlineData("/*/b.png$", "/a/b.png", true)]
    [InlineData("/a/b.png$", "/a/b.png", true)]
    [InlineData("/a/b$", "/a/b.png", false)]
    [InlineData("/a*a*a$", "/aa", false)]
    [InlineData("/a*a$", "/aa", true)]
    [InlineData("*b*b*", "/a/b.png", false)]
    public static void Patterns_fit_as_those_of_robots_txt_do(string pattern, string path, bool fits) =>
        Assert.Equal(fits, PathPattern.Fits(pattern, path));

    [Fact]
    public static void Many_stars_take_no_time() =>
        Assert.False(PathPattern.Fits(string.Concat(Enumerable.Repeat("*a", 50_000)) + "b$", new string('a', 50_000)));
}
