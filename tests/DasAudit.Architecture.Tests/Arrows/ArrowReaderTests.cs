using Mono.Cecil;

namespace DasAudit.Architecture.Tests.Arrows;

public sealed class ArrowReaderTests
{
    private static readonly IReadOnlyList<Arrow> Arrows = ReadOwn();

    [Theory]
    [InlineData(nameof(UsesAsBase), nameof(Used))]
    [InlineData(nameof(UsesAsField), nameof(Used))]
    [InlineData(nameof(UsesAsGenericArgument), nameof(Used))]
    [InlineData("UsesAsConstraint`1", nameof(Used))]
    [InlineData(nameof(UsesInAttribute), nameof(Used))]
    [InlineData(nameof(UsesInLambda), nameof(Used))]
    [InlineData(nameof(UsesInAsyncMethod), nameof(Used))]
    [InlineData(nameof(UsesAsCaught), nameof(Used))]
    [InlineData(nameof(UsesInNestedType), nameof(Used))]
    [InlineData(nameof(UsesAsValueHandedOn), nameof(Used))]
    [InlineData(nameof(UsesAsEnumMember), nameof(UsedKind))]
    public void Every_way_to_use_a_type_is_an_arrow(string from, string to) =>
        Assert.Contains(Arrows, arrow => arrow.From.Name == from && arrow.To.Name == to);

    [Fact]
    public void A_name_in_a_text_is_no_arrow() =>
        Assert.DoesNotContain(Arrows, arrow => arrow.From.Name == nameof(UsesNothing));

    [Theory]
    [InlineData(nameof(UsesInLambda), nameof(UsesInLambda.Add))]
    [InlineData(nameof(UsesInAsyncMethod), nameof(UsesInAsyncMethod.WaitAsync))]
    public void The_example_is_the_method_in_the_source(string from, string member) =>
        Assert.Equal(member, Arrows.Single(arrow => arrow.From.Name == from && arrow.To.Name == nameof(Used)).Member);

    private static IReadOnlyList<Arrow> ReadOwn()
    {
        var assembly = typeof(ArrowReaderTests).Assembly;
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return new ArrowReader(module, new HashSet<string> { assembly.GetName().Name! }).Read();
    }
}
