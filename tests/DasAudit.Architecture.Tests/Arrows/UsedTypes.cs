using Mono.Cecil;
using Mono.Cecil.Cil;

namespace DasAudit.Architecture.Tests.Arrows;

/// <summary>The types that a member names: in its signature, its attributes and its instructions.</summary>
internal static class UsedTypes
{
    internal static IEnumerable<TypeReference> OfDeclaration(TypeDefinition type)
    {
        IEnumerable<TypeReference> bases = type.BaseType is null ? [] : [type.BaseType];
        return bases
            .Concat(type.Interfaces.Select(implementation => implementation.InterfaceType))
            .Concat(OfGenericParameters(type))
            .Concat(OfAttributes(type));
    }

    internal static IEnumerable<TypeReference> OfField(FieldDefinition field) =>
        OfAttributes(field).Append(field.FieldType);

    internal static IEnumerable<TypeReference> OfMethod(MethodDefinition method)
    {
        var signature = OfSignature(method)
            .Concat(OfGenericParameters(method))
            .Concat(OfAttributes(method))
            .Concat(OfAttributes(method.MethodReturnType))
            .Concat(method.Parameters.SelectMany(OfAttributes))
            .Concat(method.Overrides.SelectMany(OfCalled));
        return method.HasBody ? signature.Concat(OfBody(method.Body)) : signature;
    }

    internal static IEnumerable<TypeReference> OfAttributes(ICustomAttributeProvider holder) =>
        holder.HasCustomAttributes ? holder.CustomAttributes.SelectMany(OfAttribute) : [];

    /// <summary>The types that a reference is put together from: elements of arrays, generic arguments.</summary>
    internal static IEnumerable<TypeReference> Named(TypeReference type) =>
        type switch
        {
            GenericParameter => [],
            GenericInstanceType generic => generic.GenericArguments.SelectMany(Named).Append(generic.ElementType),
            FunctionPointerType pointer => OfSignature(pointer).SelectMany(Named),
            IModifierType modified => Named(modified.ModifierType).Concat(Named(modified.ElementType)),
            TypeSpecification specification => Named(specification.ElementType),
            _ => [type],
        };

    private static IEnumerable<TypeReference> OfBody(MethodBody body)
    {
        var variables = body.Variables.Select(variable => variable.VariableType);
        var caught = body.ExceptionHandlers.Select(handler => handler.CatchType).OfType<TypeReference>();
        return variables
            .Concat(caught)
            .Concat(body.Instructions.SelectMany(instruction => OfOperand(instruction.Operand)));
    }

    private static IEnumerable<TypeReference> OfOperand(object? operand) =>
        operand switch
        {
            TypeReference type => [type],
            FieldReference field => [field.DeclaringType, field.FieldType],
            MethodReference method => OfCalled(method),
            CallSite site => OfSignature(site),
            _ => [],
        };

    /// <summary>A value only handed on, or an enum's member, shows in the signature of what is called.</summary>
    private static IEnumerable<TypeReference> OfCalled(MethodReference method)
    {
        var named = OfSignature(method).Append(method.DeclaringType);
        return method is GenericInstanceMethod generic ? named.Concat(generic.GenericArguments) : named;
    }

    private static IEnumerable<TypeReference> OfSignature(IMethodSignature signature) =>
        signature.Parameters.Select(parameter => parameter.ParameterType).Append(signature.ReturnType);

    private static IEnumerable<TypeReference> OfGenericParameters(IGenericParameterProvider holder) =>
        holder.GenericParameters.SelectMany(parameter =>
            parameter.Constraints.Select(constraint => constraint.ConstraintType).Concat(OfAttributes(parameter))
        );

    private static IEnumerable<TypeReference> OfAttribute(CustomAttribute attribute)
    {
        var named = attribute.Fields.Concat(attribute.Properties).Select(argument => argument.Argument);
        return attribute.ConstructorArguments.Concat(named).SelectMany(OfArgument).Append(attribute.AttributeType);
    }

    private static IEnumerable<TypeReference> OfArgument(CustomAttributeArgument argument)
    {
        var inside = argument.Value switch
        {
            TypeReference type => [type],
            CustomAttributeArgument boxed => OfArgument(boxed),
            CustomAttributeArgument[] array => array.SelectMany(OfArgument),
            _ => Enumerable.Empty<TypeReference>(),
        };
        return inside.Append(argument.Type);
    }
}
