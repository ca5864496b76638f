using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public static class TableEndingTests
{
    [Theory]
    [InlineData("scores.csv", true)]
    [InlineData("a/S.PARQUET", true)]
    [InlineData("scores.json", false)]
    [InlineData("csv", false)]
    public static void Only_csv_and_parquet_are_known(string name, bool isKnown) =>
        Assert.Equal(isKnown, TableEnding.IsKnown(name));
}
