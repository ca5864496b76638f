using DasAudit.Architecture.Tests.Arrows;
using DasAudit.Architecture.Tests.Rooms;
using DasAudit.Architecture.Tests.Sizes;
using Mono.Cecil;

namespace DasAudit.Architecture.Tests;

public sealed class SizeTests
{
    private const int MostMembers = 12;

    /// <summary>Records of the report, and mirrors of files: their members are part of formats.</summary>
    private static readonly string[] MayBeWide = ["AuditReport", "AttributedPicture", "MethodInfo", "FeatureSettings"];

    [Fact]
    public void Lines_have_no_more_than_120_characters() => KnownList.AssertEqual("LongLines.txt", LongLines.Count());

    [Fact]
    public void Records_of_Core_have_no_more_than_12_members()
    {
        var violations = WideRecords()
            .Where(record => !MayBeWide.Contains(record.Name))
            .Select(record => new Violation($"{record.FullName} {RecordMembers.Count(record)}"));

        KnownList.AssertEqual("WideRecords.txt", violations);
    }

    [Fact]
    public void Records_that_may_be_wide_are_wide() =>
        Assert.Empty(MayBeWide.Except(WideRecords().Select(record => record.Name)));

    private static IEnumerable<TypeDefinition> WideRecords()
    {
        var core = House.Assemblies.Single(assembly => assembly.Root == "DasAudit.Core");
        return ArrowReader
            .TypesOf(CompiledHouse.Modules[core])
            .SelectMany(WithNested)
            .Where(RecordMembers.IsRecord)
            .Where(record => RecordMembers.Count(record) > MostMembers);
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(WithNested).Prepend(type);
}
