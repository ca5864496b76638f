using Mono.Cecil;

namespace DasAudit.Architecture.Tests.Sizes;

/// <summary>What can be given to a record: its constructor's parameters and the properties that can be set.</summary>
internal static class RecordMembers
{
    internal static bool IsRecord(TypeDefinition type) => type.Methods.Any(method => method.Name == "PrintMembers");

    internal static int Count(TypeDefinition type)
    {
        var parameters =
            type.Methods.Where(method => method.IsConstructor && !method.IsStatic && !IsCopying(method))
                .Select(method => method.Parameters)
                .MaxBy(parameters => parameters.Count)
            ?? [];
        var settable = type.Properties.Where(property => property.SetMethod is { IsStatic: false });
        return parameters
            .Select(parameter => parameter.Name)
            .Concat(settable.Select(property => property.Name))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Count();
    }

    private static bool IsCopying(MethodDefinition constructor) =>
        constructor.Parameters.Count == 1
        && constructor.Parameters[0].ParameterType.GetElementType().FullName == constructor.DeclaringType.FullName;
}
