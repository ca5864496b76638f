using DasAudit.Abstractions;
using DasAudit.Evidence.Payouts;

namespace DasAudit.Evidence.Tests.Payouts;

public class SplitTableTests
{
    [Fact]
    public void Holders_are_split_as_the_table_says_and_others_are_their_own_payees()
    {
        var table = Read("part,holder,payee\n0.25, Ann ,Agency\n0.75,Ann,Ann Artist\n1,Bob,\"Bob, heirs\"\n");

        Assert.Equal([new("Ann", "Agency", 0.25m), new("Ann", "Ann Artist", 0.75m)], table.Of("Ann"));
        Assert.Equal([new("Bob", "Bob, heirs", 1)], table.Of("Bob"));
        Assert.Equal([new("Cy", "Cy", 1)], table.Of("Cy"));
        Assert.Equal(["Ann", "Bob"], table.Holders);
    }

    [Theory]
    [InlineData("", "is no table of splits; its first line must be holder,payee,part.")]
    [InlineData("holder,payee\na,b\n", "is no table of splits; its first line must be holder,payee,part.")]
    [InlineData("holder,payee,part\na,b,0.5\na,c,0.4\n", "The parts of 'a' in 's.csv' sum to 0.9; make them sum to 1.")]
    [InlineData("holder,payee,part\na,b,half\n", "line 2, has the part 'half'")]
    [InlineData("holder,payee,part\na,b,1,5\n", "The parts", false)]
    [InlineData("holder,payee,part\na,b,-1\n", "has the part '-1'")]
    [InlineData("holder,payee,part\na,b,0\n", "has the part '0'")]
    [InlineData("holder,payee,part\na,b,1e0\n", "has the part '1e0'")]
    [InlineData("holder,payee,part\na,,1\n", "names no holder or no payee")]
    [InlineData("holder,payee,part\na,b\n", "")]
    [InlineData("holder,payee,part\n\"a,b,1\n", "")]
    public void What_is_no_such_table_is_refused_in_a_sentence(string text, string sentence, bool refused = true)
    {
        if (!refused)
        {
            Assert.Single(Read(text).Holders);
            return;
        }

        var error = Assert.Throws<AuditException>(() => Read(text));
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.Contains("'s.csv'", error.Message, StringComparison.Ordinal);
    }

    private static SplitTable Read(string text) => SplitTable.Read(new StringReader(text), "s.csv");
}
