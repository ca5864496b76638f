using DasAudit.Abstractions;
using DasAudit.Core.Gradients;

namespace DasAudit.Core.Tests.Gradients;

public class ParameterFilterTests
{
    private static readonly string[] Names =
    [
        "conv_in.weight",
        "conv_in.bias",
        "up_blocks.0.attentions.0.to_k.weight",
        "up_blocks.0.norm1.weight",
        "down_blocks.1.norm1.bias",
    ];

    [Theory]
    [InlineData(null, new[] { 0, 1, 2, 3, 4 })]
    [InlineData("", new[] { 0, 1, 2, 3, 4 })]
    [InlineData("up_blocks", new[] { 2, 3 })]
    [InlineData("^conv_in attentions", new[] { 0, 1, 2 })]
    [InlineData(@"!\.bias$", new[] { 0, 2, 3 })]
    [InlineData("up_blocks !norm", new[] { 2 })]
    [InlineData("!norm up_blocks", new[] { 0, 1, 2, 3 })]
    [InlineData("conv_in !bias down_blocks", new[] { 0, 4 })]
    public void The_last_rule_that_matches_decides(string? rules, int[] expected)
    {
        var filter = new ParameterFilter(rules);
        Assert.Equal(expected, Enumerable.Range(0, Names.Length).Where(i => filter.Selects(Names[i])));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("up !(")]
    public void A_rule_that_is_no_regular_expression_is_refused(string rules) =>
        Assert.Contains(
            "no regular expression",
            Assert.Throws<AuditException>(() => new ParameterFilter(rules)).Message
        );
}
