namespace DasAudit.Architecture.Tests.Arrows;

/// <summary>Types that each use <see cref="Used"/> in another way, for the test of <see cref="ArrowReader"/>.</summary>
internal static class Samples
{
    internal static void Take(UsedKind kind) => Assert.True(Enum.IsDefined(kind));

    internal static Used Make() => new();
}

internal class Used : Exception
{
    internal static int Number { get; set; }
}

internal enum UsedKind
{
    First,
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NamesTypesAttribute(params Type[] types) : Attribute
{
    internal Type[] Types { get; } = types;
}

internal sealed class UsesAsBase : Used;

internal sealed class UsesAsField
{
    internal Used[] Field = [];
}

internal sealed class UsesAsGenericArgument
{
    internal static Type Name() => typeof(Dictionary<int, List<Used>>);
}

internal sealed class UsesAsConstraint<T>
    where T : Used;

[NamesTypes(typeof(int), typeof(Used))]
internal sealed class UsesInAttribute;

internal sealed class UsesInLambda
{
    internal static Func<int, int> Add(int more) => number => number + more + Used.Number;
}

internal sealed class UsesInAsyncMethod
{
    internal static async Task<int> WaitAsync()
    {
        await Task.Yield();
        return Used.Number;
    }
}

internal sealed class UsesAsCaught
{
    internal static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Used) { }
    }
}

internal sealed class UsesInNestedType
{
    internal sealed class Inner
    {
        internal Used? Value { get; init; }
    }
}

internal sealed class UsesAsValueHandedOn
{
    internal static void Run() => ArgumentNullException.ThrowIfNull(Samples.Make());
}

internal sealed class UsesAsEnumMember
{
    internal static void Run() => Samples.Take(UsedKind.First);
}

internal sealed class UsesNothing
{
    internal const string Name = nameof(Used);
}
